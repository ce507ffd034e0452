"""The inner loops as a compiled library (kernel.c), where there is one; called by way of ctypes, which lets go of the
interpreter's lock.

``LOOPS`` is None when nothing was compiled here: then numpy does the same work, and every answer is the same.
"""

import ctypes
import hashlib
from ctypes import POINTER, c_char_p, c_double, c_int, c_int32, c_int64, c_ssize_t, c_void_p
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scene.imaging.pixels import Indices, Pixels

SOURCE = Path(__file__).with_name("kernel.c")
LIBRARY = Path(__file__).with_name("_kernel.so")

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Differing:
    """What ``compare_rows`` found; positions are y * width + x from the first of the rows compared."""

    changed: Indices
    delta: npt.NDArray[np.float64]
    antialiased: Indices
    masked: Indices
    different_pixels: int


class _Found(ctypes.Structure):
    _fields_ = [
        ("capacity", c_int64),
        *((name, c_void_p) for name in ("changed", "delta", "antialiased", "masked")),
        *((f"{name}_count", c_int64) for name in ("changed", "antialiased", "masked", "different")),
    ]


class Loops:
    """The functions of the library, with the sizes of all arrays checked before C sees them.

    All raise ValueError for arrays of another kind or size than they say: an error of the caller's.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self._undo_filters = library.scene_undo_filters
        self._undo_filters.argtypes = [c_void_p, c_ssize_t, c_ssize_t, c_ssize_t, c_int, c_void_p, c_void_p]
        self._undo_filters.restype = c_ssize_t
        self._hash_strips = library.scene_hash_strips
        self._hash_strips.argtypes = [c_void_p, c_ssize_t, c_ssize_t, c_void_p, c_ssize_t, c_void_p, c_void_p]
        self._differing_rows = library.scene_differing_rows
        self._differing_rows.argtypes = [c_void_p, c_void_p, c_ssize_t, c_ssize_t, c_void_p]
        self._compare_rows = library.scene_compare_rows
        self._compare_rows.argtypes = [
            *(c_void_p, c_ssize_t, c_void_p, c_ssize_t),
            *(c_ssize_t,) * 4,
            *(c_double, c_int32, c_int, POINTER(_Found)),
        ]

        self._shades = library.scene_shades
        self._shades.argtypes = [c_void_p, c_ssize_t, c_ssize_t, c_ssize_t, c_int, c_void_p]
        self._shades.restype = c_int64

    def undo_filters(self, coded: Bytes, above: Bytes, pixels: Pixels) -> int:
        """Undo any of PNG's filters in rows of 8-bit RGB or RGBA, and pack them to pixels on white.

        coded: the rows, each behind its filter byte, shape (rows, 1 + width * channels). above: the row before, shape
        (width * channels,); holds the last row afterwards. pixels: shape (rows, width).
        Returns how many rows were done: fewer than there are when the next one names a filter that does not exist.
        """
        rows, width = pixels.shape
        channels = above.size // max(1, width)
        _check((coded, np.uint8, (rows, width * channels + 1)), (above, np.uint8, (width * channels,)))
        _check((pixels, np.uint32, (rows, width)))
        done: int = self._undo_filters(
            *(coded.ctypes.data, coded.size, rows, width, channels, above.ctypes.data, pixels.ctypes.data)
        )
        return _sensible(done)

    def hash_strips(self, picture: Pixels, starts: Indices, weights: Hashes) -> Hashes:
        """``align.strip_hashes``; weights has one number for each pair of pixels, the last of which may be half."""
        height, width = picture.shape
        starts = np.ascontiguousarray(starts, np.int64)
        _check((picture, np.uint32, picture.shape), (weights, np.uint64, (-(-width // 2),)))
        hashes = np.empty((height, len(starts)), np.uint64)
        places = starts.ctypes.data, len(starts), weights.ctypes.data, hashes.ctypes.data
        _sensible(self._hash_strips(picture.ctypes.data, height, width, *places))
        return hashes

    def differing_rows(self, before: Pixels, after: Pixels) -> Indices:
        """``kernel.differing_rows``."""
        rows, width = before.shape
        _check((before, np.uint32, (rows, width)), (after, np.uint32, (rows, width)))
        differ = np.empty(rows, np.bool_)
        _sensible(self._differing_rows(before.ctypes.data, after.ctypes.data, rows, width, differ.ctypes.data))
        return np.flatnonzero(differ)

    def compare_rows(
        self,
        baseline: Pixels,
        observed: Pixels,
        rows: tuple[int, int, int],
        limit: float,
        bound: int,
        ignore_antialiasing: bool,
    ) -> Differing:
        """The pixels whose squared distance is above ``limit``, of ``rows``: where they begin on each side, how many.

        bound: no two colours further apart than the limit have a lower sum of squares.
        """
        baseline_y, observed_y, count = rows
        width = baseline.shape[1]
        _check((baseline, np.uint32, (len(baseline), width)), (observed, np.uint32, (len(observed), width)))
        capacity = max(0, count) * width
        changed, antialiased, masked = (np.empty(capacity, np.int64) for _ in range(3))
        delta = np.empty(capacity, np.float64)
        found = _Found(capacity, *(array.ctypes.data for array in (changed, delta, antialiased, masked)))
        heights = baseline.ctypes.data, len(baseline), observed.ctypes.data, len(observed)
        places = width, baseline_y, observed_y, count
        _sensible(self._compare_rows(*heights, *places, limit, bound, ignore_antialiasing, found))
        return Differing(
            changed[: found.changed_count].astype(np.intp),
            delta[: found.changed_count].copy(),
            antialiased[: found.antialiased_count].astype(np.intp),
            masked[: found.masked_count].astype(np.intp),
            found.different_count,
        )

    def shades(self, area: Pixels, edge: int) -> tuple[Indices, int]:
        """``looks.count_shades``; the area may be part of a picture."""
        height, width = area.shape
        if area.dtype != np.uint32 or area.strides[1] != 4:
            raise ValueError(f"{area.dtype} with strides {area.strides} where pixels side by side are needed")
        shades = np.zeros(4096, np.int64)
        stride = area.strides[0] // 4
        sharp = self._shades(area.ctypes.data, stride, width, height, edge, shades.ctypes.data)
        return shades, _sensible(sharp)


def _check(*arrays: tuple[npt.NDArray[np.generic], type[np.generic], tuple[int, ...]]) -> None:
    for array, kind, shape in arrays:
        if array.dtype != kind or array.shape != shape or not array.flags.c_contiguous:
            raise ValueError(f"{array.dtype} {array.shape} where {kind.__name__} {shape}, contiguous, is needed")


def _sensible(answer: int) -> int:
    if answer < 0:
        raise ValueError("rows or columns that the pictures do not have")
    return answer


def source_digest() -> str:
    """Names the version of the source that a library was made from."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def load() -> tuple[Loops | None, str]:
    """The library's functions, or None; and which kernel that means, with what to do, for people."""
    build = "compile it with `python -m scene.imaging.build`"
    if not LIBRARY.is_file():
        return None, f"by numpy, for nothing is compiled here: {build}"
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.scene_source.restype = c_char_p
        made_from = library.scene_source().decode()
    except (OSError, AttributeError) as error:
        return None, f"by numpy, for the compiled library cannot be used ({error}): {build}"
    if made_from != source_digest():
        return None, f"by numpy, for what is compiled is of another version: {build}"
    return Loops(library), f"compiled: {LIBRARY.name}"


LOOPS, STATE = load()
