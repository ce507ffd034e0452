"""What comparing two pictures found."""

from typing import Literal

from scene.domain.model import Model
from scene.domain.options import ComparisonPolicy
from scene.domain.status import Verdict


class Box(Model):
    """A rectangle in pixels of the observed picture; right and bottom are x + width and y + height."""

    x: int
    y: int
    width: int
    height: int


Looks = Literal["text", "picture", "plain"]


class Region(Box):
    """A connected group of changed pixels."""

    changed_pixels: int
    looks: Looks | None = None
    """What the area looks like, by simple measures of its colours: a hint for the reader. None: not looked at."""


class ShiftBand(Model):
    """Rows that one side has and the other has not; in all columns, or in those of a strip that moved by itself."""

    kind: Literal["inserted", "removed"]
    baseline_y: int
    """First row (removed), or the row before which rows were inserted."""
    observed_y: int
    """First row (inserted), or the row before which rows were removed."""
    rows: int
    x: int = 0
    """First column concerned."""
    width: int | None = None
    """How many columns; None: all of them."""


class Similarity(Model):
    """Structural similarity (SSIM) of the blocks of 8 x 8 px with changed pixels: information, never a verdict.

    1 is equal, 0 has nothing in common; below 0 light and dark are swapped.
    """

    blocks: int
    """How many blocks have changed pixels."""
    lowest: float
    mean: float
    """Of these blocks alone; of very many, of 20,000 evenly spread ones."""
    overall: float
    """Mean over the whole area that both pictures have, in which every other block counts 1."""


class ComparisonStats(Model):
    """The numbers of one comparison; stored as stats.json beside its pictures."""

    engine: str
    """Name and version of the comparing code."""
    identical: bool
    """Every pixel outside masks equal: nothing was even tolerated."""
    width: int
    """Of the area compared: the wider of both pictures."""
    height: int
    """Of the area compared: rows of both pictures united."""
    changed_pixels: int
    """residual_pixels plus the inserted and removed area."""
    residual_pixels: int
    """Changed pixels where both pictures have a row."""
    shifted_pixels: int = 0
    """Of the changed pixels: the area of whole inserted and removed rows; 0 where the widths differ."""
    percent_changed: float
    """Of the area compared less what is masked, 0 to 100."""
    antialiased_pixels: int
    """Different beyond the tolerance, but recognised as anti-aliasing and not counted."""
    jitter_pixels: int = 0
    """Different beyond the tolerance, but not counted because the same colours are near in the other picture."""
    different_pixels: int
    """Differing by anything at all, however little."""
    max_colour_distance: float
    """Largest distance of a changed pixel, 0 to 1."""
    regions: list[Region]
    """Largest first; at most 200."""
    largest_region: Region | None = None
    """The first of the regions: what a small percentage of a tall picture would hide."""
    total_regions: int
    bounding_box: Box | None
    """Around everything that changed."""
    shift_bands: list[ShiftBand]
    shift_rows: int
    """Inserted less removed rows; where strips moved by different amounts, of the one that moved furthest."""
    aligned: bool
    """Whether vertical shifts were aligned before comparing."""
    clipped_rows: int = 0
    """Rows that insertions above pushed out at the bottom of a picture of fixed height: not counted as changed."""
    ssim: Similarity | None = None
    """None when no pixel changed where both pictures have one."""
    masked_pixels: int = 0
    """Of the area compared: ignored because a mask of either picture covers them."""
    change_fingerprint: str | None = None
    """Names what changed, wherever it lies: equal for the same banner, button or text changed in the same way in
    another picture. None when no pixel counts as changed."""
    durations_ms: dict[str, float]
    """Per step: decode, align, compare, ..."""

    @property
    def shifted_rows(self) -> int:
        """Inserted and removed rows together."""
        return sum(band.rows for band in self.shift_bands)

    def ignores_shift(self, policy: ComparisonPolicy) -> bool:
        """Whether there are inserted or removed rows, and the policy lets them pass."""
        return self.shifted_pixels > 0 and self.shifted_rows <= (policy.max_shift_rows or 0)

    def counted_pixels(self, policy: ComparisonPolicy) -> int:
        """The changed pixels that the limits of the policy are for."""
        return self.changed_pixels - (self.shifted_pixels if self.ignores_shift(policy) else 0)

    def verdict(self, policy: ComparisonPolicy) -> Verdict:
        """Changed when any limit that is set is exceeded, and when masks leave nothing to compare."""
        counted = self.counted_pixels(policy)
        area = self.width * self.height - self.masked_pixels
        if area <= 0:
            return Verdict.CHANGED
        exceeded = (
            counted > policy.max_changed_pixels
            if policy.max_changed_ratio is None
            else counted > policy.max_changed_pixels > 0 or counted / area > policy.max_changed_ratio
        )
        return Verdict.CHANGED if exceeded else Verdict.UNCHANGED
