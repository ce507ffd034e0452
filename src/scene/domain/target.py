"""What is captured: the full page, the viewport, or one element."""

from typing import Literal, Self

from pydantic import Field, model_validator

from scene.domain.model import Model, Name, Text


class Target(Model):
    kind: Literal["full", "viewport", "element"] = "full"
    selector: Text | None = Field(default=None, min_length=1, max_length=2_000)
    """CSS selector, for an element: the first match is captured."""
    name: Name | None = None
    """Names an element target in its key, so that its selector can change without losing the baseline."""

    @model_validator(mode="after")
    def _selector_fits_kind(self) -> Self:
        if self.kind == "element" and not self.selector:
            raise ValueError("an element target needs a selector")
        if self.kind != "element" and (self.selector or self.name):
            raise ValueError("only an element target has a selector or a name")
        return self

    @property
    def key(self) -> str:
        """What identifies this target across runs."""
        return self.kind if self.kind != "element" else f"element:{self.name or self.selector}#1"
