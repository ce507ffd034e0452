"""What a task will capture, while its form is still being filled in: browsers x viewports x targets."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from scene.domain.viewport import Viewport
from scene.web.forms import FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

_SHOWN = 12


@dataclass(frozen=True)
class MatrixView:
    browsers: tuple[str, ...]
    viewports: tuple[str, ...]
    targets: int
    open_ended: bool
    """Whether a target takes every element that matches, however many there are."""

    @classmethod
    def of(cls, values: dict[str, Any]) -> "MatrixView":
        """Of a form's values, which need not be right yet."""
        targets = _list(values, "targets")
        return cls(
            tuple(str(browser) for browser in _list(values, "browsers")),
            tuple(_viewport(viewport) for viewport in _list(values, "viewports")),
            len(targets),
            any(isinstance(target, dict) and target.get("match") == "every" for target in targets),
        )

    @property
    def executions(self) -> int:
        return len(self.browsers) * len(self.viewports)

    @property
    def pictures(self) -> int:
        return self.executions * self.targets

    @property
    def cells(self) -> list[str]:
        """The first executions by name."""
        return [f"{browser} {viewport}" for browser in self.browsers for viewport in self.viewports][:_SHOWN]

    @property
    def unshown(self) -> int:
        return self.executions - len(self.cells)


@router.post("/forms/matrix")
def show_matrix(sent: FormDep) -> Response:
    return render_fragment("forms/_matrix.html", MatrixView.of(sent))


def _list(values: dict[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []


def _viewport(values: Any) -> str:
    try:
        viewport = Viewport.model_validate(values)
    except ValidationError:
        return "…"
    return viewport.name or viewport.key
