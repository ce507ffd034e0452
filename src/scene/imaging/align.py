"""Which rows of two pictures belong together when content moved up or down."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from scene.imaging import compiled
from scene.imaging.patience import Hashes, Run, equal_runs
from scene.imaging.pixels import Indices, Pixels, rows_per_block

_MIN_RUN = 3
"""Fewer equal rows between two unequal stretches are chance (a blank line or two), not a match."""
_MIN_EQUAL_RATIO = 0.5
"""Pictures that share fewer rows than this, of the shorter one, are different pages rather than a shifted one."""

_KINDS = ("equal", "replaced", "inserted", "removed")


@dataclass(frozen=True)
class Segment:
    """Rows of one kind, in the order of both pictures.

    Equal and replaced segments have their rows on both sides, removed ones on the baseline's only, inserted ones on
    the observed picture's only; the other side's y is the row before which they are missing.
    """

    kind: Literal["equal", "replaced", "inserted", "removed"]
    baseline_y: int
    observed_y: int
    rows: int


def is_shift(segments: tuple[Segment, ...]) -> bool:
    """Whether an alignment says that content moved, between pictures that are not altogether different."""
    rows = {kind: sum(each.rows for each in segments if each.kind == kind) for kind in _KINDS}
    shorter = rows["equal"] + rows["replaced"] + min(rows["inserted"], rows["removed"])
    return rows["inserted"] + rows["removed"] > 0 and rows["equal"] >= _MIN_EQUAL_RATIO * shorter


def align_hashes(before: Hashes, after: Hashes) -> list[Segment]:
    """Segments that together hold every row of both pictures once, from the hashes of all rows.

    "Equal" rests on 64-bit hashes: a proposal to look there, not a proof.
    """
    ends = (len(before), len(after))
    segments: list[Segment] = []
    baseline_y = observed_y = 0
    for run in [*(run for run in equal_runs(before, after) if _counts(run, ends)), Run(*ends, 0)]:
        gap = before[baseline_y : run.baseline_y], after[observed_y : run.observed_y]
        segments += _gap_segments(*gap, baseline_y, observed_y)
        if run.rows:
            segments.append(Segment("equal", run.baseline_y, run.observed_y, run.rows))
        baseline_y, observed_y = run.baseline_y + run.rows, run.observed_y + run.rows
    return _removed_at_the_end(segments, before)


def row_hashes(picture: Pixels) -> Hashes:
    """A 64-bit hash of each row: its pixels in pairs, mixed, times one random odd number for each place, summed."""
    return strip_hashes(picture, np.array([0]), np.array([picture.shape[1]])).reshape(-1)


def strip_hashes(picture: Pixels, starts: Indices, ends: Indices) -> Hashes:
    """The hash of each row in strips, shape (strips, height); those of strips side by side add up.

    Strips reach from an even column to before an even column or the end of the row.
    """
    height, width = picture.shape
    if compiled.LOOPS is not None:
        return compiled.LOOPS.hash_strips(np.ascontiguousarray(picture), starts, ends, _weights(-(-width // 2)))
    if width % 2:
        picture = np.concatenate([picture, np.zeros((height, 1), np.uint32)], axis=1)
    pairs = picture.view(np.uint64)
    weights = _weights(pairs.shape[1])
    hashes = np.empty((len(starts), height), np.uint64)
    step = rows_per_block(width)
    scratch = np.empty((step, pairs.shape[1]), np.uint64)
    for top in range(0, height, step):
        block = pairs[top : top + step]
        mixed = scratch[: len(block)]
        np.right_shift(block, np.uint64(29), out=mixed)
        np.bitwise_xor(mixed, block, out=mixed)
        np.multiply(mixed, weights, out=mixed)
        for strip, start, end in zip(hashes, starts // 2, -(-ends // 2), strict=True):
            np.add.reduce(mixed[:, start:end], axis=1, out=strip[top : top + step])
    return hashes


def place_hashes(picture: Pixels, rows: Indices, starts: Indices, ends: Indices) -> Hashes:
    """The ``strip_hashes`` of some of the rows, shape (strips, rows), for strips that leave most of each row out."""
    if compiled.LOOPS is not None:
        return compiled.LOOPS.hash_places(picture, rows, starts, ends, _weights(-(-picture.shape[1] // 2)))
    return strip_hashes(picture[rows], starts, ends)


@lru_cache(maxsize=16)
def _weights(count: int) -> Hashes:
    random = np.random.default_rng(12345)
    return random.integers(1, 1 << 63, count, dtype=np.uint64) | np.uint64(1)


def _counts(run: Run, ends: tuple[int, int]) -> bool:
    at_start = run.baseline_y == run.observed_y == 0
    at_end = (run.baseline_y + run.rows, run.observed_y + run.rows) == ends
    return run.rows >= _MIN_RUN or at_start or at_end


def _removed_at_the_end(segments: list[Segment], before: Hashes) -> list[Segment]:
    """The same alignment with the last removal as far down as it goes, if that is the end of the baseline.

    What leaves a viewport at the bottom is often followed by rows as blank as the last ones that stay; only at the
    very end can it be told from a removal.
    """
    if len(segments) < 2 or (segments[-2].kind, segments[-1].kind) != ("removed", "equal"):
        return segments
    removed, tail = segments[-2:]
    alike = before[removed.baseline_y : removed.baseline_y + tail.rows] == before[tail.baseline_y :]
    if not alike.all():
        return segments
    equal = Segment("equal", removed.baseline_y, removed.observed_y, tail.rows)
    head = segments[:-2]
    if head and head[-1].kind == "equal":
        above = head.pop()
        equal = Segment("equal", above.baseline_y, above.observed_y, above.rows + tail.rows)
    moved = Segment("removed", removed.baseline_y + tail.rows, removed.observed_y + tail.rows, removed.rows)
    return [*head, equal, moved]


def _gap_segments(before: Hashes, after: Hashes, baseline_y: int, observed_y: int) -> list[Segment]:
    """Rows between two runs: as many as both sides have are replaced, the surplus of one side is cut out of it.

    The cut lies where most of the replaced rows are equal after all.
    """
    shared = min(len(before), len(after))
    removed, inserted = len(before) - shared, len(after) - shared
    if not removed and not inserted:
        return [Segment("replaced", baseline_y, observed_y, shared)] if shared else []
    above = shared
    if shared:
        equal_head = np.cumsum(np.append(0, before[:shared] == after[:shared]))
        equal_tail = np.cumsum(np.append(0, (before[removed:] == after[inserted:])[::-1]))[::-1]
        if equal_head[-1] or equal_tail[0]:
            above = int(np.argmax(equal_head + equal_tail))
    cut = (baseline_y + above, observed_y + above)
    segments = [
        Segment("replaced", baseline_y, observed_y, above),
        Segment("removed", *cut, removed),
        Segment("inserted", *cut, inserted),
        Segment("replaced", cut[0] + removed, cut[1] + inserted, shared - above),
    ]
    return [segment for segment in segments if segment.rows]
