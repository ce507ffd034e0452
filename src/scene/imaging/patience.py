"""Patience alignment of two sequences of row hashes.

Hashes that occur exactly once on both sides are anchors. Anchors on one diagonal are joined to runs, the heaviest
increasing chain of runs is kept, each run is extended over its equal surroundings (blank lines are rarely unique), and
the gaps between runs are aligned the same way. After Bram Cohen's patience diff.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scene.imaging import compiled
from scene.imaging.pixels import Indices

Hashes = npt.NDArray[np.uint64]

_MAX_DEPTH = 12
"""Gaps within gaps: deeper ones hold nothing that a person would call a shift."""


@dataclass(frozen=True)
class Run:
    """So many equal rows, one after the other on both sides."""

    baseline_y: int
    observed_y: int
    rows: int


@dataclass(frozen=True)
class _Window:
    """What is still to be aligned: rows [baseline_y, baseline_end) with rows [observed_y, observed_end)."""

    baseline_y: int
    observed_y: int
    baseline_end: int
    observed_end: int

    @property
    def one_sided(self) -> bool:
        return self.baseline_y >= self.baseline_end or self.observed_y >= self.observed_end


def equal_runs(baseline: Hashes, observed: Hashes) -> list[Run]:
    """The runs of equal rows to align by: increasing on both sides, never overlapping, neighbours joined."""
    if compiled.LOOPS is not None:
        return [Run(*run) for run in compiled.LOOPS.equal_runs(baseline, observed).tolist()]
    matcher = _Matcher(baseline, observed)
    matcher.align(_Window(0, 0, len(baseline), len(observed)), 0)
    return matcher.runs


def moved_rows(baseline: Hashes, observed: Hashes, heights: Indices) -> tuple[int, int, int]:
    """How many rows occur once on each side, at another height; how many of those that differ from the row at their
    height occur once in the baseline; and the least distance that one of the former moved, 0 where none did.

    heights: ascending, one for each row of the longer side, at which the rows of both lie.
    """
    if compiled.LOOPS is not None:
        return compiled.LOOPS.moved_rows(baseline, observed, heights)
    before, after = _anchors(baseline, observed)
    _, rows, counts = np.unique(baseline, return_index=True, return_counts=True)
    once = rows[counts == 1]
    opposite = once[once < len(observed)]
    in_place = np.count_nonzero(baseline[opposite] == observed[opposite])
    distances = np.abs(heights[after] - heights[before])
    moved = distances[distances > 0]
    return len(moved), int(len(once) - in_place), int(moved.min()) if len(moved) else 0


def common_prefix(left: Hashes, right: Hashes) -> int:
    """How many elements are equal from the start; looks in growing steps, so a short answer is a quick one."""
    length = min(len(left), len(right))
    start, step = 0, 64
    while start < length:
        stop = min(start + step, length)
        unequal = np.flatnonzero(left[start:stop] != right[start:stop])
        if len(unequal):
            return start + int(unequal[0])
        start, step = stop, step * 4
    return length


@dataclass
class _Matcher:
    baseline: Hashes
    observed: Hashes
    runs: list[Run] = field(default_factory=list)

    def align(self, window: _Window, depth: int) -> None:
        """Add the runs inside the window, from top to bottom."""
        baseline = self.baseline[window.baseline_y : window.baseline_end]
        observed = self.observed[window.observed_y : window.observed_end]
        head = common_prefix(baseline, observed)
        tail = common_prefix(baseline[head:][::-1], observed[head:][::-1])
        self._add(Run(window.baseline_y, window.observed_y, head))
        inner = _Window(
            window.baseline_y + head, window.observed_y + head, window.baseline_end - tail, window.observed_end - tail
        )
        if depth < _MAX_DEPTH and not inner.one_sided:
            self._align_by_anchors(inner, depth)
        self._add(Run(inner.baseline_end, inner.observed_end, tail))

    def _align_by_anchors(self, window: _Window, depth: int) -> None:
        baseline_y, observed_y = window.baseline_y, window.observed_y
        for diagonal in self._chain(window):
            if diagonal.baseline_y < baseline_y or diagonal.observed_y < observed_y:
                continue  # the run before was extended over the start of this one
            self.align(_Window(baseline_y, observed_y, diagonal.baseline_y, diagonal.observed_y), depth + 1)
            baseline_y, observed_y = self._follow(diagonal, window)
        rest = _Window(baseline_y, observed_y, window.baseline_end, window.observed_end)
        if rest != window and not rest.one_sided:
            self.align(rest, depth + 1)

    def _follow(self, diagonal: Run, window: _Window) -> tuple[int, int]:
        """Add the equal rows from the first to the last anchor of a diagonal and beyond; return where they end."""
        baseline_y, observed_y = diagonal.baseline_y, diagonal.observed_y
        end = diagonal.baseline_y + diagonal.rows
        while True:
            rows = common_prefix(
                self.baseline[baseline_y : window.baseline_end], self.observed[observed_y : window.observed_end]
            )
            self._add(Run(baseline_y, observed_y, rows))
            baseline_y, observed_y = baseline_y + rows, observed_y + rows
            if baseline_y >= end:
                return baseline_y, observed_y
            # A changed row inside the diagonal: its last anchor is equal, so an equal row follows.
            left = end - baseline_y
            equal = self.baseline[baseline_y:end] == self.observed[observed_y : observed_y + left]
            skipped = int(np.argmax(equal))
            baseline_y, observed_y = baseline_y + skipped, observed_y + skipped

    def _chain(self, window: _Window) -> list[Run]:
        """The anchors of the window as diagonals, from first to last anchor each, that increase on both sides."""
        baseline_rows, observed_rows = _anchors(
            self.baseline[window.baseline_y : window.baseline_end],
            self.observed[window.observed_y : window.observed_end],
        )
        if not len(baseline_rows):
            return []
        starts = np.flatnonzero(np.diff(observed_rows - baseline_rows, prepend=np.iinfo(np.int64).min) != 0)
        ends = np.append(starts[1:], len(baseline_rows)) - 1
        chosen = _heaviest_chain(
            observed_rows[starts].tolist(), observed_rows[ends].tolist(), (ends - starts + 1).tolist()
        )
        return [
            Run(
                window.baseline_y + int(baseline_rows[starts[k]]),
                window.observed_y + int(observed_rows[starts[k]]),
                int(baseline_rows[ends[k]] - baseline_rows[starts[k]]) + 1,
            )
            for k in chosen
        ]

    def _add(self, run: Run) -> None:
        if not run.rows:
            return
        if self.runs:
            last = self.runs[-1]
            if (last.baseline_y + last.rows, last.observed_y + last.rows) == (run.baseline_y, run.observed_y):
                self.runs[-1] = Run(last.baseline_y, last.observed_y, last.rows + run.rows)
                return
        self.runs.append(run)


def _anchors(baseline: Hashes, observed: Hashes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where hashes stand that occur once on each side, in the order of the baseline."""
    unique = []
    for side in (baseline, observed):
        values, first, counts = np.unique(side, return_index=True, return_counts=True)
        unique.append((values[counts == 1], first[counts == 1]))
    (baseline_values, baseline_rows), (observed_values, observed_rows) = unique
    _, left, right = np.intersect1d(baseline_values, observed_values, assume_unique=True, return_indices=True)
    order = np.argsort(baseline_rows[left])
    return baseline_rows[left][order].astype(np.int64), observed_rows[right][order].astype(np.int64)


def _heaviest_chain(starts: list[int], ends: list[int], weights: list[int]) -> list[int]:
    """Which intervals, in the order given, to keep so that each starts after the end of the one kept before it.

    The kept ones weigh the most together. O(n log n): a Fenwick tree over the ends holds the heaviest chain up to each.
    """
    ranks = sorted(ends)
    best: list[tuple[int, int]] = [(0, -1)] * (len(ranks) + 1)
    before, total = [], []
    for k, (start, end, weight) in enumerate(zip(starts, ends, weights, strict=True)):
        heaviest = (0, -1)
        node = bisect_left(ranks, start)
        while node > 0:
            heaviest = max(heaviest, best[node])
            node -= node & -node
        before.append(heaviest[1])
        total.append(heaviest[0] + weight)
        node = bisect_left(ranks, end) + 1
        while node < len(best):
            best[node] = max(best[node], (total[k], k))
            node += node & -node
    chain = []
    k = max(range(len(total)), key=total.__getitem__)
    while k >= 0:
        chain.append(k)
        k = before[k]
    return chain[::-1]
