"""What measuring two pictures gives: everything that numbers, pictures and names of a change are made from."""

from dataclasses import dataclass

from scene.domain.comparison import Box, ShiftBand
from scene.imaging.difference import Difference


@dataclass(frozen=True)
class Patch:
    """A rectangle that both pictures have, in the same columns of each."""

    x: int
    width: int
    baseline_y: int
    observed_y: int
    rows: int


@dataclass(frozen=True)
class Measurement:
    """What differs, on a canvas: the observed picture from its upper left corner.

    When nothing was aligned, the canvas reaches further right and down where the baseline does.
    """

    canvas_width: int
    canvas_height: int
    height: int
    """Rows of both pictures united: more than the canvas has where rows were removed."""
    difference: Difference
    """Its positions are y * canvas_width + x."""
    added: tuple[Box, ...]
    """Areas of the canvas that only the observed picture has."""
    missing: tuple[Box, ...]
    """Areas of the canvas that only the baseline has."""
    bands: tuple[ShiftBand, ...]
    patches: tuple[Patch, ...]
    """The areas compared: what both pictures have. They never overlap on the canvas."""
    shift_rows: int
    aligned: bool = False
    clipped_rows: int = 0
    masked_pixels: int = 0
    """Of both pictures united: covered by a mask in either."""
    masked_one_sided_pixels: int = 0
    """Those of them that are in the inserted and removed area."""

    @property
    def seams(self) -> tuple[ShiftBand, ...]:
        """Removed rows that are not on the canvas: they lie between two of its rows."""
        return tuple(band for band in self.bands if band.kind == "removed") if self.aligned else ()

    @property
    def removed(self) -> tuple[Box, ...]:
        """The areas of the baseline that the seams stand for, in its own coordinates."""
        return tuple(
            Box(x=band.x, y=band.baseline_y, width=band.width or self.canvas_width, height=band.rows)
            for band in self.seams
        )

    @property
    def one_sided_pixels(self) -> int:
        """The inserted and removed area, outside masks."""
        boxes = (*self.added, *self.missing, *self.removed)
        return sum(box.width * box.height for box in boxes) - self.masked_one_sided_pixels

    @property
    def shifted_pixels(self) -> int:
        """The one-sided area where it is whole rows and nothing else; 0 where widths differ, or strips moved apart."""
        boxes = (*self.added, *self.missing, *self.removed)
        return self.one_sided_pixels if all(box.width == self.canvas_width for box in boxes) else 0

    @property
    def changed_pixels(self) -> int:
        return len(self.difference.changed) + self.one_sided_pixels
