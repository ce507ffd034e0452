"""Positions of pixels gathered in square cells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scene.imaging import compiled
from scene.imaging.pixels import Indices

Reach = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Cells:
    """The cells that hold any position, from top to bottom and from left to right."""

    side: int
    """In pixels."""
    y: Indices
    """Row of each cell, counted in cells from the top of the picture."""
    x: Indices
    counts: Indices
    """How many positions each holds."""
    reach: Reach
    """The least x and y and the greatest x and y of them within the cell, shape (cells, 4)."""

    @classmethod
    def of(cls, positions: Indices, width: int, side: int) -> "Cells":
        """Those of ascending positions, y * width + x, of a picture of this width."""
        if not len(positions):
            nothing = np.zeros(0, np.intp)
            return cls(side, nothing, nothing, nothing, np.zeros((0, 4), np.uint8))
        columns = -(-width // side)
        first, last = int(positions[0]) // width // side, int(positions[-1]) // width // side
        grid = first, columns, (last - first + 1) * columns
        count = count_cells if compiled.LOOPS is None else compiled.LOOPS.cells
        counts, reach = count(positions, width, side, *grid)
        held = np.flatnonzero(counts)
        y, x = np.divmod(held, columns)
        return cls(side, y + first, x, counts[held].astype(np.intp), reach[held])


def count_cells(
    positions: Indices, width: int, cell: int, first: int, columns: int, cells: int
) -> tuple[Indices, Reach]:
    """``Loops.cells`` by numpy: nothing is sorted."""
    y = positions // width
    x = positions - y * width
    place = (y // cell - first) * columns + x // cell
    reach = np.zeros((cells, 4), np.uint8)
    counts = np.bincount(place, minlength=cells)
    held = np.flatnonzero(counts)
    for axis, offset in enumerate((x % cell, y % cell)):
        there = np.zeros(cells * cell, np.bool_)
        there[place * cell + offset] = True
        rows = there.reshape(cells, cell)[held]
        reach[held, axis] = rows.argmax(axis=1)
        reach[held, axis + 2] = cell - 1 - rows[:, ::-1].argmax(axis=1)
    return counts, reach
