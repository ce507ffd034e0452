"""Changed pixels to the rectangles a person would point at."""

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Box, Region
from scene.imaging.cells import Cells
from scene.imaging.pixels import Indices

_CELL = 16
"""Changed pixels in the same or in touching cells of so many pixels square belong to one region."""

Boxes = npt.NDArray[np.int64]
"""Shape (n, 5): x, y, right, bottom (both exclusive), changed pixels."""


def box_positions(positions: Indices, width: int) -> Boxes:
    """A box around each connected group of ascending positions (y * width + x); each is in exactly one box's count.

    Pixels are counted into cells, and cells joined by union-find with pointer jumping: nothing is sorted but cells.
    """
    if not len(positions):
        return np.zeros((0, 5), np.int64)
    cells = Cells.of(positions, width, _CELL)
    columns = -(-width // _CELL) + 2  # one free column on each side, so that neighbours never wrap to another row
    corner_x, corner_y = cells.x * _CELL, cells.y * _CELL
    left, upper, right, lower = cells.reach.astype(np.intp).T
    groups, group_of_cell = np.unique(_connected(cells.y * columns + cells.x + 1, columns), return_inverse=True)
    order = np.argsort(group_of_cell, kind="stable")
    starts = np.searchsorted(group_of_cell[order], np.arange(len(groups)))
    return np.stack(
        [
            np.minimum.reduceat((corner_x + left)[order], starts),
            np.minimum.reduceat((corner_y + upper)[order], starts),
            np.maximum.reduceat((corner_x + right)[order], starts) + 1,
            np.maximum.reduceat((corner_y + lower)[order], starts) + 1,
            np.add.reduceat(cells.counts[order], starts),
        ],
        axis=1,
    )


def _connected(cells: Indices, columns: int) -> Indices:
    """For each cell (ascending numbers) the index of the first cell that is connected with it, also diagonally."""
    left, right = [], []
    for step in (1, columns - 1, columns, columns + 1):
        at = np.minimum(np.searchsorted(cells, cells + step), len(cells) - 1)
        touching = np.flatnonzero(cells[at] == cells + step)
        left.append(touching)
        right.append(at[touching])
    one, other = np.concatenate(left), np.concatenate(right)
    label = np.arange(len(cells))
    while True:
        joined = label.copy()
        np.minimum.at(joined, label[one], label[other])
        np.minimum.at(joined, label[other], label[one])
        joined = joined[joined]
        if np.array_equal(joined, label):
            return label
        label = joined


def full_boxes(boxes: tuple[Box, ...]) -> Boxes:
    """Boxes of which every pixel changed."""
    rows = [(box.x, box.y, box.x + box.width, box.y + box.height, box.width * box.height) for box in boxes]
    return np.array(rows, np.int64).reshape(-1, 5)


def largest_regions(boxes: Boxes, limit: int) -> list[Region]:
    """The boxes with most changed pixels, at most ``limit``; among equals the upper left one first."""
    order = np.lexsort((boxes[:, 0], boxes[:, 1], -boxes[:, 4]))[:limit]
    return [
        Region(x=x, y=y, width=right - x, height=bottom - y, changed_pixels=changed)
        for x, y, right, bottom, changed in boxes[order].tolist()
    ]


def bounding_box(boxes: Boxes) -> Box | None:
    """The smallest box that holds all of them; None of none."""
    if not len(boxes):
        return None
    x, y = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:4].max(axis=0).tolist()
    return Box(x=x, y=y, width=right - x, height=bottom - y)
