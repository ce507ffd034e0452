"""Whether rows may have moved at all: asked of a few narrow columns before every pixel is hashed."""

import numpy as np

from scene.imaging.align import place_hashes
from scene.imaging.patience import moved_rows
from scene.imaging.pixels import Indices, Pixels

_COLUMN = 16
"""In pixels: two letters, or one line of the processor's cache."""
_COLUMNS = 8
"""So many parts of the width are asked, each by one column."""
_SAMPLED_ROWS = 64
_MIN_MOVED_ROWS = 3
_MIN_MOVED_RATIO = 0.01
"""Of the rows that can be recognised: fewer are chance."""
_MIN_DISTINCT_ROWS = 32
"""With fewer rows to recognise than this, the columns cannot tell."""


def may_have_moved(baseline: Pixels, observed: Pixels, differing: Indices | None) -> bool:
    """Whether rows of a column may lie at another height now; False only where what differs can be told from all else.

    differing: the rows that differ, between pictures of one size; both must have one width. Of each part of the width
    the column is asked in which most differs, in a sample. What it can recognise are rows that occur once.
    """
    if differing is None:
        before_rows, after_rows = np.arange(len(baseline)), np.arange(len(observed))
    else:
        before_rows = after_rows = differing
    starts = _busiest_columns(baseline, observed, min(before_rows, after_rows, key=len))
    if not len(starts):
        return True
    ends = np.minimum(starts + _COLUMN, baseline.shape[1])
    distinct_rows = 0
    sides = place_hashes(baseline, before_rows, starts, ends), place_hashes(observed, after_rows, starts, ends)
    for before, after in zip(*sides, strict=True):
        moved, distinct = moved_rows(before, after)
        if moved >= max(_MIN_MOVED_ROWS, _MIN_MOVED_RATIO * distinct):
            return True
        distinct_rows += distinct
    return distinct_rows < _MIN_DISTINCT_ROWS


def _busiest_columns(baseline: Pixels, observed: Pixels, rows: Indices) -> Indices:
    """Where the columns begin that are to be asked: none where nothing differs in the sample."""
    sample = rows[np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLED_ROWS)).astype(np.intp)]
    differ = np.count_nonzero(baseline[sample] != observed[sample], axis=0)
    busy = np.add.reduceat(differ, np.arange(0, len(differ), _COLUMN))
    parts = [part for part in np.array_split(np.arange(len(busy)), _COLUMNS) if len(part)]
    busiest = np.array([part[np.argmax(busy[part])] for part in parts])
    starts: Indices = busiest[busy[busiest] > 0] * _COLUMN
    return starts
