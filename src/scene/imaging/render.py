"""The diff picture: the observed picture faded to gray, with what changed in colour."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Box, ShiftBand
from scene.imaging.encode import IndexedRaster, Palette
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import MASKED, Pixels, rows_per_block

_Element = TypeVar("_Element", bound=np.generic)

_WHITE, _CHANGED, _ANTIALIASED, _ADDED, _MISSING, _MASKED, _GRAY = range(7)
_GRAYS = 64
"""Shades of gray in the palette, from black: all that a faded picture can show."""
_OPACITY = 0.3
"""Of the faded picture on white: recognisable, yet anything coloured stands out."""
_STRIPE, _PERIOD = 4, 12
"""Width of a stripe over one-sided areas, and from one stripe to the next, in pixels along a row."""


def _diff_palette() -> Palette:
    named = [(255, 255, 255), (255, 0, 255), (255, 200, 0), (90, 190, 110), (230, 70, 60), (150, 150, 160)]
    grays = (round(255 - 255 * _OPACITY * (1 - shade / (_GRAYS - 1))) for shade in range(_GRAYS))
    return Palette(bytes(value for colour in [*named, *((gray,) * 3 for gray in grays)] for value in colour))


_PALETTE = _diff_palette()


def draw_diff(baseline: Pixels, observed: Pixels, measurement: Measurement) -> IndexedRaster:
    """Magenta: changed. Amber: anti-aliasing or jitter, not counted. Green stripes: only the observed picture has this.

    Red stripes: only the baseline has this; a red line: rows of the baseline are missing here. Dark gray: masked.
    """
    raster = IndexedRaster(measurement.canvas_width, measurement.canvas_height)
    canvas = raster.pixels
    _fade(observed, canvas[: observed.shape[0], : observed.shape[1]])
    for box in measurement.missing:
        _fade(_part(baseline, box), _part(canvas, box))
        _stripe(_part(canvas, box), _MISSING)
    for box in measurement.added:
        _stripe(_part(canvas, box), _ADDED)
    for band in measurement.seams:
        _part(canvas, seam_box(band, measurement))[:] = _MISSING
    if measurement.masked_pixels:
        _mark_masked(observed, canvas[: observed.shape[0], : observed.shape[1]])
        raster.put(measurement.difference.masked, _MASKED)
    raster.put(measurement.difference.antialiased, _ANTIALIASED)
    raster.put(measurement.difference.jitter, _ANTIALIASED)
    raster.put(measurement.difference.changed, _CHANGED)
    return raster


def diff_png(raster: IndexedRaster) -> bytes:
    """The diff picture as a PNG file."""
    return raster.png(_PALETTE)


def seam_box(band: ShiftBand, measurement: Measurement) -> Box:
    """The line that stands for removed rows: the rows of the canvas right above and below, where there are such."""
    top = max(0, band.observed_y - 1)
    bottom = min(measurement.canvas_height, band.observed_y + 1)
    return Box(x=band.x, y=top, width=band.width or measurement.canvas_width, height=bottom - top)


def _part(picture: npt.NDArray[_Element], box: Box) -> npt.NDArray[_Element]:
    return picture[box.y : box.y + box.height, box.x : box.x + box.width]


def _fade(picture: Pixels, target: npt.NDArray[np.uint8]) -> None:
    """Write the palette index of each pixel's gray, (red + 2 green + blue) / 4, to ``target`` of the same shape.

    All three channels at once: with 6 bits each, one multiplication adds them up in the third byte without a carry.
    """
    step = rows_per_block(picture.shape[1])
    scratch = np.empty((min(step, picture.shape[0]), picture.shape[1]), np.uint32)
    for top in range(0, picture.shape[0], step):
        block, gray = picture[top : top + step], target[top : top + step]
        sums = scratch[: len(block)]
        np.right_shift(block, np.uint32(2), out=sums)
        np.bitwise_and(sums, np.uint32(0x3F3F3F), out=sums)
        np.multiply(sums, np.uint32(0x010201), out=sums)
        np.right_shift(sums, np.uint32(16), out=sums)
        gray[:] = sums  # keeps the lowest byte: the sum, 0 to 252
        gray >>= 2
        gray += _GRAY


def _mark_masked(picture: Pixels, target: npt.NDArray[np.uint8]) -> None:
    step = rows_per_block(picture.shape[1])
    for top in range(0, picture.shape[0], step):
        np.copyto(target[top : top + step], _MASKED, where=picture[top : top + step] >= MASKED)


def _stripe(area: npt.NDArray[np.uint8], index: int) -> None:
    """Draw diagonal stripes over an area of the canvas."""
    height, width = area.shape
    step = rows_per_block(width)
    across = np.arange(width)
    for top in range(0, height, step):
        down = np.arange(top, min(height, top + step))
        area[top : top + step][np.add.outer(down, across) % _PERIOD < _STRIPE] = index
