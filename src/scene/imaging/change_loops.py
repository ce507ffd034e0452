"""The compiled functions that describe what changed (native/areas.c, changes.c)."""

import ctypes
from ctypes import c_int, c_int32, c_int64, c_ssize_t, c_void_p

import numpy as np
import numpy.typing as npt

from scene.imaging.arguments import check, sensible
from scene.imaging.pixels import Indices, Pixels

Numbers = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class ChangeLoops:
    """Those for the changed pixels and the areas around them."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._shades = library.scene_shades
        self._shades.argtypes = [c_void_p, c_ssize_t, c_ssize_t, c_void_p, c_ssize_t, c_int, c_int64, c_int, c_void_p]
        self._block_sums = library.scene_block_sums
        self._block_sums.argtypes = [*(c_void_p, c_ssize_t, c_ssize_t) * 2, c_void_p, c_ssize_t, c_void_p]
        self._touching = library.scene_touching
        self._touching.argtypes = [c_void_p, c_void_p, c_void_p, c_ssize_t, c_ssize_t, c_void_p]
        grid = c_ssize_t, c_int32, c_int64, c_int64, c_int64
        self._cells = library.scene_cells
        self._cells.argtypes = [c_void_p, c_ssize_t, *grid, c_void_p, c_void_p]
        self._heat = library.scene_heat
        self._heat.argtypes = [c_void_p, c_void_p, c_ssize_t, *grid, c_void_p]

    def shades(self, picture: Pixels, areas: Numbers, percent: int, enough: int, edge: int) -> Numbers:
        """``looks.count_shades`` of each of the areas (x, y, width, height), shape (areas, 3)."""
        height, width = picture.shape
        check((picture, np.uint32, (height, width)), (areas, np.int64, (len(areas), 4)))
        answers = np.empty((len(areas), 3), np.int64)
        places = areas.ctypes.data, len(areas)
        sensible(self._shades(picture.ctypes.data, height, width, *places, percent, enough, edge, answers.ctypes.data))
        return answers

    def block_sums(self, baseline: Pixels, observed: Pixels, places: Numbers) -> Numbers:
        """``similarity.block_sums``."""
        check((baseline, np.uint32, baseline.shape), (observed, np.uint32, observed.shape))
        check((places, np.int64, (len(places), 3)))
        sums = np.empty((len(places), 4), np.int64)
        sides = baseline.ctypes.data, *baseline.shape, observed.ctypes.data, *observed.shape
        sensible(self._block_sums(*sides, places.ctypes.data, len(places), sums.ctypes.data))
        return sums

    def touching(self, positions: Indices, before: Pixels, after: Pixels, width: int) -> npt.NDArray[np.uint64]:
        """``fingerprint.touching_rows``."""
        count = len(positions)
        check((positions, np.int64, (count,)), (before, np.uint32, (count,)), (after, np.uint32, (count,)))
        found = np.empty(1, np.uint64)
        colours = before.ctypes.data, after.ctypes.data
        sensible(self._touching(positions.ctypes.data, *colours, count, width, found.ctypes.data))
        return found

    def cells(
        self, positions: Indices, width: int, cell: int, first: int, columns: int, cells: int
    ) -> tuple[Numbers, npt.NDArray[np.uint8]]:
        """For each cell how many positions it holds, and the least x and y and the greatest x and y of them in it.

        Cells are ``cell`` pixels square; there are ``cells`` of them, ``columns`` in a row, from row ``first`` on.
        """
        check((positions, np.int64, (len(positions),)))
        counts, reach = np.empty(cells, np.int64), np.empty((cells, 4), np.uint8)
        grid = width, cell, first, columns, cells
        sensible(self._cells(positions.ctypes.data, len(positions), *grid, counts.ctypes.data, reach.ctypes.data))
        return counts, reach

    def heat(
        self, positions: Indices, delta: Values, width: int, cell: int, first: int, columns: int, cells: int
    ) -> Values:
        """For each cell, as in ``cells``, the sum of the square roots of the squared distances in it."""
        check((positions, np.int64, (len(positions),)), (delta, np.float64, (len(positions),)))
        heat = np.empty(cells, np.float64)
        grid = width, cell, first, columns, cells
        sensible(self._heat(positions.ctypes.data, delta.ctypes.data, len(positions), *grid, heat.ctypes.data))
        return heat
