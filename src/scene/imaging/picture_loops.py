"""The compiled functions that work on whole pictures (native/decode.c, rows.c, patience.c, pixels.c)."""

import ctypes
from ctypes import POINTER, c_double, c_int, c_int32, c_int64, c_ssize_t, c_void_p

import numpy as np
import numpy.typing as npt

from scene.imaging.arguments import check, row_stride, sensible
from scene.imaging.difference import Difference
from scene.imaging.pixels import Indices, Pixels

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
LINE = 16
"""In pixels: so wide are the columns that ``count_columns`` counts."""


class _Found(ctypes.Structure):
    _fields_ = [
        ("capacity", c_int64),
        ("most", c_int64),
        *((name, c_void_p) for name in ("changed", "delta", "before", "after", "antialiased", "masked")),
        *((f"{name}_count", c_int64) for name in ("changed", "antialiased", "masked", "different")),
    ]


class PictureLoops:
    """Those for whole pictures: decoding, aligning, comparing."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._undo_filters = library.scene_undo_filters
        self._undo_filters.argtypes = [c_void_p, c_ssize_t, c_ssize_t, c_ssize_t, c_int, c_void_p, c_void_p]
        self._undo_filters.restype = c_ssize_t
        self._hash_strips = library.scene_hash_strips
        self._hash_strips.argtypes = [c_void_p, *[c_ssize_t] * 2, *[c_void_p] * 2, c_ssize_t, *[c_void_p] * 2]
        self._hash_places = library.scene_hash_places
        self._hash_places.argtypes = [
            *(c_void_p, c_ssize_t, c_ssize_t, c_void_p, c_ssize_t),
            *(c_void_p, c_void_p, c_ssize_t, c_void_p, c_void_p),
        ]
        self._count_columns = library.scene_count_columns
        self._count_columns.argtypes = [
            *(c_void_p, c_void_p, c_ssize_t, c_ssize_t, c_void_p, c_ssize_t),
            *(c_double, c_void_p, c_void_p),
        ]
        self._differing_rows = library.scene_differing_rows
        self._differing_rows.argtypes = [*(c_void_p, c_ssize_t) * 2, c_ssize_t, c_ssize_t, c_void_p]
        self._compare_rows = library.scene_compare_rows
        self._compare_rows.argtypes = [
            *(c_void_p, c_ssize_t, c_ssize_t) * 2,
            *(c_ssize_t,) * 4,
            *(c_double, c_int32, c_int, POINTER(_Found)),
        ]
        self._equal_runs = library.scene_equal_runs
        self._equal_runs.argtypes = [c_void_p, c_int64, c_void_p, c_int64, c_void_p, c_void_p]
        self._equal_runs.restype = c_int64
        self._moved_rows = library.scene_moved_rows
        self._moved_rows.argtypes = [*(c_void_p, c_int64) * 2, *(c_void_p,) * 2, *(POINTER(c_int64),) * 2]
        self._moved_rows.restype = c_int64
        self._runs_scratch = library.scene_runs_scratch
        self._runs_scratch.argtypes = [c_int64] * 2
        self._runs_scratch.restype = c_int64

    def undo_filters(self, coded: Bytes, above: Bytes, pixels: Pixels) -> int:
        """Undo any of PNG's filters in rows of 8-bit RGB or RGBA, and pack them to pixels on white.

        coded: the rows, each behind its filter byte, shape (rows, 1 + width * channels). above: the row before, shape
        (width * channels,); holds the last row afterwards. pixels: shape (rows, width).
        Returns how many rows were done: fewer than there are when the next one names a filter that does not exist.
        """
        rows, width = pixels.shape
        channels = above.size // max(1, width)
        check((coded, np.uint8, (rows, width * channels + 1)), (above, np.uint8, (width * channels,)))
        check((pixels, np.uint32, (rows, width)))
        done: int = self._undo_filters(
            *(coded.ctypes.data, coded.size, rows, width, channels, above.ctypes.data, pixels.ctypes.data)
        )
        return sensible(done)

    def hash_strips(self, picture: Pixels, starts: Indices, ends: Indices, weights: Hashes) -> Hashes:
        """``align.strip_hashes``; weights has one number for each pair of pixels, the last of which may be half."""
        height, width = picture.shape
        starts, ends = (np.ascontiguousarray(side, np.int64) for side in (starts, ends))
        check((picture, np.uint32, picture.shape), (weights, np.uint64, (-(-width // 2),)))
        check((ends, np.int64, (len(starts),)))
        hashes = np.empty((len(starts), height), np.uint64)
        places = starts.ctypes.data, ends.ctypes.data, len(starts), weights.ctypes.data, hashes.ctypes.data
        sensible(self._hash_strips(picture.ctypes.data, height, width, *places))
        return hashes

    def hash_places(self, picture: Pixels, rows: Indices, starts: Indices, ends: Indices, weights: Hashes) -> Hashes:
        """``hash_strips`` of some of the rows, shape (strips, rows), for strips that leave most of each row out."""
        height, width = picture.shape
        rows, starts, ends = (np.ascontiguousarray(each, np.int64) for each in (rows, starts, ends))
        check((picture, np.uint32, picture.shape), (weights, np.uint64, (-(-width // 2),)))
        check((rows, np.int64, (len(rows),)), (ends, np.int64, (len(starts),)))
        hashes = np.empty((len(starts), len(rows)), np.uint64)
        places = rows.ctypes.data, len(rows), starts.ctypes.data, ends.ctypes.data, len(starts)
        sensible(
            self._hash_places(picture.ctypes.data, height, width, *places, weights.ctypes.data, hashes.ctypes.data)
        )
        return hashes

    def count_columns(self, before: Pixels, after: Pixels, rows: Indices, limit: float) -> tuple[Indices, Indices]:
        """``moved.count_columns``."""
        width = before.shape[1]
        check((before, np.uint32, (len(before), width)), (after, np.uint32, (len(after), width)))
        check((rows, np.int64, (len(rows),)))
        counts = np.empty((2, -(-width // LINE)), np.int64)
        shared = min(len(before), len(after)), width
        places = rows.ctypes.data, len(rows), limit, counts[0].ctypes.data, counts[1].ctypes.data
        sensible(self._count_columns(before.ctypes.data, after.ctypes.data, *shared, *places))
        return counts[0], counts[1]

    def differing_rows(self, before: Pixels, after: Pixels) -> Indices:
        """``kernel.differing_rows``."""
        rows, width = before.shape
        if len(after) != rows:
            raise ValueError(f"{rows} rows and {len(after)} where as many are needed")
        sides = (before.ctypes.data, row_stride(before, width)), (after.ctypes.data, row_stride(after, width))
        differ = np.empty(rows, np.bool_)
        sensible(self._differing_rows(*sides[0], *sides[1], rows, width, differ.ctypes.data))
        return np.flatnonzero(differ)

    def compare_rows(
        self,
        baseline: Pixels,
        observed: Pixels,
        rows: tuple[int, int, int],
        limit: float,
        bound: int,
        ignore_antialiasing: bool,
        stop_above: int | None = None,
    ) -> Difference:
        """The pixels whose squared distance is above ``limit``, of ``rows``: where they begin on each side, how many.

        bound: no two colours further apart than the limit have a lower sum of squares. With ``stop_above``, looking
        ends with the row in which more pixels than that have changed.
        """
        baseline_y, observed_y, count = rows
        width = baseline.shape[1]
        strides = row_stride(baseline, width), row_stride(observed, width)
        capacity = max(0, count) * width
        changed, antialiased, masked = (np.empty(capacity, np.int64) for _ in range(3))
        delta = np.empty(capacity, np.float64)
        before, after = (np.empty(capacity, np.uint32) for _ in range(2))
        arrays = changed, delta, before, after, antialiased, masked
        most = capacity if stop_above is None else stop_above
        found = _Found(capacity, most, *(array.ctypes.data for array in arrays))
        heights = baseline.ctypes.data, len(baseline), strides[0], observed.ctypes.data, len(observed), strides[1]
        places = width, baseline_y, observed_y, count
        sensible(self._compare_rows(*heights, *places, limit, bound, ignore_antialiasing, found))
        # Copies: what was found is far less than what there was room for.
        return Difference(
            changed[: found.changed_count].astype(np.intp),
            delta[: found.changed_count].copy(),
            before[: found.changed_count].copy(),
            after[: found.changed_count].copy(),
            antialiased[: found.antialiased_count].astype(np.intp),
            np.zeros(0, np.intp),
            found.different_count,
            masked[: found.masked_count].astype(np.intp),
        )

    def equal_runs(self, before: Hashes, after: Hashes) -> npt.NDArray[np.int32]:
        """``patience.equal_runs``; shape (runs, 3)."""
        check((before, np.uint64, (len(before),)), (after, np.uint64, (len(after),)))
        runs = np.empty((min(len(before), len(after)), 3), np.int32)
        scratch = self._scratch(before, after)
        sides = before.ctypes.data, len(before), after.ctypes.data, len(after)
        found: int = self._equal_runs(*sides, scratch.ctypes.data, runs.ctypes.data)
        return runs[: sensible(found)]

    def moved_rows(self, before: Hashes, after: Hashes, heights: Indices) -> tuple[int, int, int]:
        """``patience.moved_rows``."""
        check((before, np.uint64, (len(before),)), (after, np.uint64, (len(after),)))
        check((heights, np.int64, (max(len(before), len(after)),)))
        scratch = self._scratch(before, after)
        sides = before.ctypes.data, len(before), after.ctypes.data, len(after)
        distinct, nearest = c_int64(), c_int64()
        moved: int = self._moved_rows(*sides, heights.ctypes.data, scratch.ctypes.data, distinct, nearest)
        return sensible(moved), distinct.value, nearest.value

    def _scratch(self, before: Hashes, after: Hashes) -> npt.NDArray[np.int32]:
        size: int = self._runs_scratch(len(before), len(after))
        return np.empty(sensible(size), np.int32)
