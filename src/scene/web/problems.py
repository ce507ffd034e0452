"""Errors as pages, for people: the same sentence that a program gets as a problem document."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from scene.web.render import render_page

_TITLES: Final = {403: "Not allowed", 404: "Not found"}


@dataclass(frozen=True)
class ProblemView:
    status: int
    detail: str
    path: str

    @property
    def title(self) -> str:
        return _TITLES.get(self.status, "Something is wrong")

    @property
    def symbol(self) -> str:
        return "key" if self.status == 403 else "question-circle-fill"


def problem_page(request: Request, status: int, detail: str) -> HTMLResponse:
    """What went wrong and where to go from here."""
    return render_page("problem.html", ProblemView(status, detail, request.url.path), status)
