"""Whether rows moved so that aligning may pay: asked of a few narrow columns before every pixel is hashed."""

from dataclasses import dataclass

import numpy as np

from scene.imaging import compiled
from scene.imaging.align import place_hashes
from scene.imaging.kernel import distance_limit, squared_distances
from scene.imaging.patience import moved_rows
from scene.imaging.picture_loops import LINE
from scene.imaging.pixels import Indices, Pixels
from scene.imaging.strips import MIN_GAIN, UNEQUAL_COST

_COLUMNS = 8
"""So many parts of the width are asked, each by one column of LINE pixels: two letters."""
_SAMPLED_ROWS = 64
_MIN_MOVED_ROWS = 3
_MIN_MOVED_RATIO = 0.01
"""Of the rows that can be recognised: fewer are chance."""
_MIN_DISTINCT_ROWS = 32
"""With fewer rows to recognise than this, the columns cannot tell."""


def may_have_moved(baseline: Pixels, observed: Pixels, pixel_tolerance: float, differing: Indices | None) -> bool:
    """Whether rows of a column may lie at another height now, and not so far away that leaving them costs less.

    False only where what differs can be told from all else. differing: the rows that differ, between pictures of one
    size; both must have one width. Of each part of the width the column is asked in which most differs, in a sample.
    What it can recognise are rows that occur once.
    """
    heights = np.arange(max(len(baseline), len(observed))) if differing is None else differing
    before_rows, after_rows = heights[: len(baseline)], heights[: len(observed)]
    sample = _Sample.of(baseline, observed, min(before_rows, after_rows, key=len), distance_limit(pixel_tolerance))
    starts = sample.busiest_columns()
    if not len(starts):
        return True
    ends = np.minimum(starts + LINE, baseline.shape[1])
    sides = place_hashes(baseline, before_rows, starts, ends), place_hashes(observed, after_rows, starts, ends)
    any_moved = False
    distinct_rows = 0
    distances = []
    for before, after in zip(*sides, strict=True):
        moved, distinct, nearest = moved_rows(before, after, heights)
        any_moved |= moved >= max(_MIN_MOVED_ROWS, _MIN_MOVED_RATIO * distinct)
        distinct_rows += distinct
        distances += [nearest] if moved else []
    if not any_moved:
        return distinct_rows < _MIN_DISTINCT_ROWS
    if differing is None:
        return True
    unequal = UNEQUAL_COST * np.count_nonzero(sides[0] != sides[1], axis=1)
    strips_pay = np.minimum(unequal, min(distances)).sum() <= MIN_GAIN * unequal.sum()
    return bool(strips_pay) or min(distances) * baseline.shape[1] < sample.beyond_pixels(len(differing))


@dataclass(frozen=True)
class _Sample:
    """Pixels of some rows that two pictures have at the same height, counted in columns of LINE pixels."""

    rows: int
    differing: Indices
    beyond: Indices
    """How many differ by more than is tolerated."""

    @classmethod
    def of(cls, baseline: Pixels, observed: Pixels, rows: Indices, limit: float) -> "_Sample":
        sampled = rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLED_ROWS)).astype(np.intp)]
        count = count_columns if compiled.LOOPS is None else compiled.LOOPS.count_columns
        return cls(len(sampled), *count(baseline, observed, sampled, limit))

    def busiest_columns(self) -> Indices:
        """Where the columns begin that are to be asked: none where nothing differs in the sample."""
        parts = [part for part in np.array_split(np.arange(len(self.differing)), _COLUMNS) if len(part)]
        busiest = np.array([part[np.argmax(self.differing[part])] for part in parts])
        starts: Indices = busiest[self.differing[busiest] > 0] * LINE
        return starts

    def beyond_pixels(self, rows: int) -> float:
        """How many pixels of so many rows that is."""
        return float(self.beyond.sum()) * rows / self.rows


def count_columns(baseline: Pixels, observed: Pixels, rows: Indices, limit: float) -> tuple[Indices, Indices]:
    """For each column of LINE pixels, how many pixels of these rows differ, and how many by a squared distance above
    the limit.
    """
    before, after = baseline[rows], observed[rows]
    channels = ((before >> shift & 255, after >> shift & 255) for shift in (0, 8, 16))
    beyond = squared_distances(*(one.astype(np.float64) - other for one, other in channels)) > limit
    starts = np.arange(0, before.shape[1], LINE)
    found, far = (np.add.reduceat(np.count_nonzero(each, axis=0), starts) for each in (before != after, beyond))
    return found, far
