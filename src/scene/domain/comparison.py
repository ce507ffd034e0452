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


class Region(Box):
    """A connected group of changed pixels."""

    changed_pixels: int


class ShiftBand(Model):
    """Rows that one side has and the other has not."""

    kind: Literal["inserted", "removed"]
    baseline_y: int
    """First row (removed), or the row before which rows were inserted."""
    observed_y: int
    """First row (inserted), or the row before which rows were removed."""
    rows: int


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
    different_pixels: int
    """Differing by anything at all, however little."""
    max_colour_distance: float
    """Largest distance of a changed pixel, 0 to 1."""
    regions: list[Region]
    """Largest first; at most 200."""
    total_regions: int
    bounding_box: Box | None
    """Around everything that changed."""
    shift_bands: list[ShiftBand]
    shift_rows: int
    """Inserted less removed rows."""
    aligned: bool
    """Whether vertical shifts were aligned before comparing."""
    clipped_rows: int = 0
    """Rows that insertions above pushed out at the bottom of a picture of fixed height: not counted as changed."""
    masked_pixels: int = 0
    """Of the area compared: ignored because a mask of either picture covers them."""
    change_fingerprint: str | None = None
    """Equal where the same change was made to different pictures; null where nothing changed."""
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
