"""A name for what changed that does not depend on where it changed."""

import hashlib

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Box
from scene.imaging import compiled
from scene.imaging.align import row_hashes
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Indices, Pixels

_DIGITS = 32

Words = npt.NDArray[np.uint64]


def change_fingerprint(baseline: Pixels, observed: Pixels, measurement: Measurement) -> str | None:
    """32 hexadecimal digits, equal for the same change at another place or in another picture; None of no change.

    It covers the colours before and after of each changed pixel in its row of touching changed pixels, and the rows of
    inserted and removed bands. The rows are taken in no order, because neither the place of a region nor the row at
    which a band between alike rows begins is certain. How often a change occurs counts. What surrounds it does not, but
    where it touches other changes, or blends into another background, it is another change.
    """
    if measurement.changed_pixels == 0:
        return None
    difference = measurement.difference
    touching = touching_rows if compiled.LOOPS is None else compiled.LOOPS.touching
    runs = touching(difference.changed, difference.before, difference.after, measurement.canvas_width)
    digest = hashlib.sha256(runs.tobytes())
    one_sided = [
        *(("inserted", _part(observed, box)) for box in measurement.added),
        *(("removed", _part(baseline, box)) for box in measurement.missing),
        *(("removed", _part(baseline, box)) for box in measurement.removed),
    ]
    for entry in sorted(_band(kind, pixels) for kind, pixels in one_sided):
        digest.update(entry)
    return digest.hexdigest()[:_DIGITS]


def touching_rows(positions: Indices, before: Pixels, after: Pixels, width: int) -> Words:
    """One hash of all runs of changed pixels that touch in a row, each with the place of its pixels within it.

    The hashes of the runs are added up, so their order plays no part.
    """
    if not len(positions):
        return np.zeros(1, np.uint64)
    first = np.flatnonzero((np.diff(positions, prepend=-2) != 1) | (positions % width == 0))
    lengths = np.diff(np.append(first, len(positions)))
    place = np.arange(len(positions)) - np.repeat(first, lengths)
    colours = before.astype(np.uint64) << np.uint64(32) | after
    runs = np.add.reduceat(_mixed(colours + _mixed(place.astype(np.uint64))), first)
    return np.add.reduce(_mixed(runs), keepdims=True)


def _band(kind: str, pixels: Pixels) -> bytes:
    rows = np.sort(row_hashes(np.ascontiguousarray(pixels)))
    return f"{kind} {pixels.shape}".encode() + rows.tobytes()


def _part(picture: Pixels, box: Box) -> Pixels:
    return picture[box.y : box.y + box.height, box.x : box.x + box.width]


def _mixed(words: Words) -> Words:
    """Each word scattered over 64 bits: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    mixed = words + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return mixed ^ mixed >> np.uint64(31)
