"""Areas of a picture that a comparison ignores."""

from typing import Self

from pydantic import Field, model_validator

from scene.domain.model import Model, Selector


class Rectangle(Model):
    """CSS pixels, from the upper left corner of what is captured."""

    x: int = Field(default=0, ge=0, le=1_000_000)
    y: int = Field(default=0, ge=0, le=1_000_000)
    width: int = Field(ge=1, le=1_000_000)
    height: int = Field(ge=1, le=1_000_000)


class Mask(Model):
    """Either every element that matches a selector, wherever it is in each picture, or a rectangle."""

    selector: Selector | None = None
    """Resolved in the page itself whenever a picture is taken; an element inside a frame is masked by its frame."""
    rectangle: Rectangle | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.selector is None) == (self.rectangle is None):
            raise ValueError("a mask has either a selector or a rectangle")
        return self
