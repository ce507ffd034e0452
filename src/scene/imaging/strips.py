"""Columns of a page that moved by themselves: alignment strip by strip, where whole rows cannot be aligned.

Eight strips are aligned on their own. Each way found, with that of the whole rows and that of no shift, is then tried
on some forty narrow columns, and a path of least cost (Viterbi, 1967) gives each column one of them, with few changes
from one column to the next. All this happens on hashes: the sum of a row's narrow hashes is that of any strip of it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scene.imaging.align import Segment, align_hashes, strip_hashes
from scene.imaging.pixels import Pixels
from scene.imaging.shifted import Strip, shared_spans, without_clipped
from scene.imaging.threads import both

_STRIPS = 8
_COLUMNS = 5 * _STRIPS
_MIN_EQUAL_RATIO = 0.5
"""A way to align a strip that leaves fewer of its rows equal is chance."""
UNEQUAL_COST = 0.25
"""Of a row that differs, against one that was inserted or removed: about so much of it is ink."""
_BORDER_COST = 40.0
"""In rows: what two neighbouring columns that moved differently must at least gain."""
MIN_GAIN = 0.7
"""Strips are proposed only when their cost is below this share of that of whole rows."""
_SAMPLED_ROWS = 64
_MIN_MOVED_ROWS = 3
_MIN_DIFFERENT = 0.03
"""Rows of which fewer pixels differ than this share hold a change of colour or a word, not a moved column."""

Hashes = npt.NDArray[np.uint64]
Segments = tuple[Segment, ...]


@dataclass(frozen=True)
class Columns:
    """Hashes of two pictures of one width, row by row, in narrow columns."""

    edges: npt.NDArray[np.intp]
    """Where the columns begin, and the width."""
    before: Hashes
    """Shape (columns, rows of the baseline)."""
    after: Hashes

    @classmethod
    def of(cls, baseline: Pixels, observed: Pixels) -> "Columns":
        edges = _column_edges(baseline.shape[1])
        columns = edges[:-1], edges[1:]
        return cls(edges, *both(lambda: strip_hashes(baseline, *columns), lambda: strip_hashes(observed, *columns)))

    def aligned(self, strips: int) -> list[Segments]:
        """The alignment of each of so many strips by itself, from left to right."""
        parts = np.array_split(np.arange(len(self.before)), min(strips, len(self.before)))
        sides = ([side[part[0] : part[-1] + 1].sum(axis=0) for part in parts] for side in (self.before, self.after))
        return [_aligned(before, after) for before, after in zip(*sides, strict=True)]


def differing_ratio(baseline: Pixels, observed: Pixels, strip: Strip) -> float:
    """What share of the pixels of a strip's replaced rows differ, judged by a sample of the rows."""
    replaced = [segment for segment in strip.segments if segment.kind == "replaced"]
    if not replaced:
        return 0.0
    before = np.concatenate([np.arange(each.baseline_y, each.baseline_y + each.rows) for each in replaced])
    after = np.concatenate([np.arange(each.observed_y, each.observed_y + each.rows) for each in replaced])
    sample = np.linspace(0, len(before) - 1, min(len(before), _SAMPLED_ROWS)).astype(np.intp)
    columns = slice(strip.x, strip.x + strip.width)
    different = baseline[before[sample], columns] != observed[after[sample], columns]
    return float(np.count_nonzero(different) / different.size)


def look_moved(baseline: Pixels, observed: Pixels, rows: Segments) -> bool:
    """Whether the rows that the alignment of whole rows left as replaced differ in so much that columns may have moved.

    Looking for strips costs as much as comparing a few percent of the pixels.
    """
    return differing_ratio(baseline, observed, Strip(0, baseline.shape[1], rows)) > _MIN_DIFFERENT


def align_strips(columns: Columns, rows: Segments) -> list[Strip] | None:
    """The strips that moved differently, from left to right; None when whole rows explain about as much.

    ``rows`` is the alignment of whole rows.
    """
    edges, before, after = columns.edges, columns.before, columns.after
    if len(edges) <= 2:
        return None
    # Whatever moved, each column has so many rows on one side only: no strips can cost less than that.
    least = abs(before.shape[1] - after.shape[1])
    if least > MIN_GAIN * float(np.average(_costs(before, after, rows), weights=np.diff(edges))):
        return None
    ways = _ways(columns, rows)
    if len(ways) < 2:
        return None
    costs = np.stack([_costs(before, after, way) for way in ways])
    costs *= np.diff(edges) / (edges[-1] / (len(edges) - 1))
    chosen, cost = _cheapest_path(costs)
    if len(np.unique(chosen)) < 2 or cost > MIN_GAIN * costs.sum(axis=1).min():
        return None
    first = np.flatnonzero(np.diff(chosen, prepend=-1))
    ends = np.append(first[1:], len(chosen))
    return [
        Strip(int(edges[start]), int(edges[end] - edges[start]), ways[chosen[start]])
        for start, end in zip(first, ends, strict=True)
    ]


def still(baseline_rows: int, observed_rows: int) -> Segments:
    """No shift: the rows that both have lie on each other, and one side may have more below."""
    shared = min(baseline_rows, observed_rows)
    segments = (
        Segment("replaced", 0, 0, shared),
        Segment("removed", shared, shared, baseline_rows - shared),
        Segment("inserted", shared, shared, observed_rows - shared),
    )
    return tuple(segment for segment in segments if segment.rows)


def _column_edges(width: int) -> npt.NDArray[np.intp]:
    """Where the narrow columns begin, and the width: even numbers of pixels, because rows are hashed in pairs."""
    count = min(_COLUMNS, max(1, width // 16))
    inner = np.arange(count) * width // count // 2 * 2
    return np.append(inner, width).astype(np.intp)


def _aligned(before: Hashes, after: Hashes) -> Segments:
    """An alignment of rows by their hashes: that of no shift where none of those that differ occurs elsewhere."""
    if len(before) == len(after):
        differ = before != after
        if _occurring(before[differ], after[differ]) < _MIN_MOVED_ROWS:
            return still(len(before), len(after))
    return tuple(align_hashes(before, after))


def _occurring(rows: Hashes, among: Hashes) -> int:
    """How many of the rows occur among the others; several times faster than ``np.isin``."""
    if not len(among):
        return 0
    ascending = np.sort(among)
    places = np.minimum(np.searchsorted(ascending, rows), len(ascending) - 1)
    return int(np.count_nonzero(ascending[places] == rows))


def _ways(columns: Columns, rows: Segments) -> list[Segments]:
    """Different ways to align the rows: that of no shift first, then that of whole rows, then those of the strips."""
    heights = columns.before.shape[1], columns.after.shape[1]
    shared = min(heights)
    ways = {still(*heights): None, rows: None}
    for segments in columns.aligned(_STRIPS):
        equal = sum(segment.rows for segment in segments if segment.kind == "equal")
        if equal >= _MIN_EQUAL_RATIO * shared and any(each.kind in ("inserted", "removed") for each in segments):
            ways[segments] = None
    return list(ways)


def _costs(before: Hashes, after: Hashes, way: Segments) -> npt.NDArray[np.float64]:
    """What each narrow column costs when it is aligned this way, in rows."""
    segments, _ = without_clipped(way, before.shape == after.shape)
    cost = np.full(len(before), float(sum(each.rows for each in segments if each.kind in ("inserted", "removed"))))
    for span in shared_spans(segments):
        one = before[:, span.baseline_y : span.baseline_y + span.rows]
        other = after[:, span.observed_y : span.observed_y + span.rows]
        cost += UNEQUAL_COST * (one != other).view(np.uint8).sum(axis=1, dtype=np.uint32)
    return cost


def _cheapest_path(costs: npt.NDArray[np.float64]) -> tuple[list[int], float]:
    """For each column (of shape (ways, columns)) the way to take, and what they cost with the borders between them."""
    total = [0.0] * len(costs)
    came_from = []
    for column in costs.T.tolist():  # so few numbers at a time are quicker without numpy
        cheapest = min(range(len(total)), key=total.__getitem__)
        border = total[cheapest] + _BORDER_COST
        came_from.append([way if cost <= border else cheapest for way, cost in enumerate(total)])
        total = [min(cost, border) + own for cost, own in zip(total, column, strict=True)]
    chosen = [min(range(len(total)), key=total.__getitem__)]
    for ways in came_from[:0:-1]:
        chosen.append(ways[chosen[-1]])
    return chosen[::-1], min(total)
