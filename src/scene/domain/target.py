"""What is captured: the full page, the viewport, or elements."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from scene.domain.model import Model, Name, Selector
from scene.domain.options import Padding


class Target(Model):
    kind: Literal["full", "viewport", "element"] = "full"
    selector: Selector | None = None
    """Of an element. What is inside a frame is not looked into: its frame is an element as a whole."""
    name: Name | None = None
    """Names an element target in its key, so that its selector can change without losing the baseline."""
    match: Literal["first", "every"] = "first"
    """Capture the first element that matches, or every visible one as a picture of its own."""
    expected_count: Annotated[int, Field(ge=1, le=500)] | None = None
    """How many visible elements have to match; another number is a failure."""
    padding_px: Padding | None = None
    """CSS pixels captured around an element, as far as the page reaches; null takes the task's element_padding_px."""

    @model_validator(mode="after")
    def _fields_fit_kind(self) -> Self:
        if self.kind == "element" and not self.selector:
            raise ValueError("an element target needs a selector")
        given = [name for name, default in _OF_ELEMENTS.items() if getattr(self, name) != default]
        if self.kind != "element" and given:
            raise ValueError(f"only an element target has a {given[0]}")
        return self

    @property
    def stem(self) -> str:
        """Its key without the number of an element: ``element:<name or selector>``."""
        return self.kind if self.kind != "element" else f"element:{self.name or self.selector}"

    @property
    def key(self) -> str:
        """What identifies this target across runs; of every element that matches, the first one."""
        return self.stem if self.kind != "element" else f"{self.stem}#1"


_OF_ELEMENTS = {
    name: Target.model_fields[name].default for name in ("selector", "name", "match", "expected_count", "padding_px")
}
"""With their defaults, looked up once: a large run asks this of thousands of targets."""
