"""Which differing pixels are anti-aliasing, by pixelmatch's rule (see ``kernel`` for its licence).

After "Anti-aliased Pixel and Intensity Slope Detector" by V. Vysniauskas, 2009: a pixel is anti-aliasing when it has
at most two equal neighbours, both darker and brighter neighbours, and the darkest or the brightest of them lies in an
even area (three equal neighbours) in both pictures. Beyond the edge of the picture counts as one equal neighbour.
"""

import numpy as np
import numpy.typing as npt

from scene.imaging.pixels import Indices, Pixels

_OUTSIDE = np.uint32(0xFFFFFFFF)
"""No pixel has this value, because the top byte of a pixel is 0: outside never equals anything inside."""
_MARGIN = 2
"""Rows of context: the neighbours, and the neighbours of those."""


def find_antialiased(
    baseline: Pixels, observed: Pixels, baseline_y: int, observed_y: int, rows: int, positions: Indices
) -> npt.NDArray[np.bool_]:
    """For each position (y * width + x, counted from the first of ``rows`` rows) whether it is anti-aliasing.

    Neighbours are looked up in the whole pictures, also above and below the rows.
    """
    width = baseline.shape[1]
    before, after = _Framed(baseline, baseline_y, rows), _Framed(observed, observed_y, rows)
    framed = positions + positions // width * 2 + (_MARGIN * (width + 2) + 1)
    result = _antialiased(before, after, framed)
    others = np.flatnonzero(~result)
    result[others] = _antialiased(after, before, framed[others])
    return result


class _Framed:
    """Rows of a picture with their context, framed by one column of _OUTSIDE on each side, as a flat array."""

    def __init__(self, picture: Pixels, first: int, rows: int) -> None:
        height, width = picture.shape
        self.stride = width + 2
        block = np.full((rows + 2 * _MARGIN, self.stride), _OUTSIDE)
        top, bottom = max(0, first - _MARGIN), min(height, first + rows + _MARGIN)
        offset = top - (first - _MARGIN)
        block[offset : offset + bottom - top, 1:-1] = picture[top:bottom]
        self.flat = block.reshape(-1)
        # pixelmatch visits columns, and rows within a column; the first of several extremes counts.
        self.neighbours = tuple(dy * self.stride + dx for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)


def _antialiased(picture: _Framed, other: _Framed, positions: Indices) -> npt.NDArray[np.bool_]:
    """Whether each position is anti-aliasing in ``picture``."""
    result = np.zeros(len(positions), np.bool_)
    uneven = np.flatnonzero(_equal_neighbours(picture, positions) <= 2)
    darkest, brightest = _extreme_neighbours(picture, positions[uneven])
    between = np.flatnonzero((darkest != 0) & (brightest != 0))
    uneven, darkest, brightest = uneven[between], darkest[between], brightest[between]
    for extreme in (darkest, brightest):
        undecided = np.flatnonzero(~result[uneven])
        neighbour = positions[uneven[undecided]] + extreme[undecided]
        even = np.flatnonzero(_equal_neighbours(picture, neighbour) > 2)
        even = even[_equal_neighbours(other, neighbour[even]) > 2]
        result[uneven[undecided[even]]] = True
    return result


def _equal_neighbours(picture: _Framed, positions: Indices) -> npt.NDArray[np.uint8]:
    """How many neighbours have the same colour, plus one at the edge of the picture."""
    centre = picture.flat[positions]
    count = np.zeros(len(positions), np.uint8)
    edge = np.zeros(len(positions), np.bool_)
    for offset in picture.neighbours:
        neighbour = picture.flat[positions + offset]
        count += neighbour == centre
        if abs(offset) in (1, picture.stride):  # at an edge, at least one of these four is outside
            edge |= neighbour == _OUTSIDE
    return count + edge


def _extreme_neighbours(picture: _Framed, positions: Indices) -> tuple[Indices, Indices]:
    """The offsets of the darkest and the brightest neighbour; 0 where no neighbour is darker or brighter.

    Each neighbour is ranked by 8 * (its luma difference) + (its number), exact in a float: so one minimum finds the
    darkest, the first of several, and which one it is. For the brightest the numbers run backwards.
    """
    centre = _luma(picture.flat[positions])
    darkest, brightest = np.zeros(len(positions)), np.zeros(len(positions))
    for number, offset in enumerate(picture.neighbours):
        neighbour = picture.flat[positions + offset]
        rank = _luma(neighbour)
        rank -= centre
        rank *= 8.0
        np.copyto(rank, 0.0, where=neighbour == _OUTSIDE)
        np.minimum(darkest, rank + number, out=darkest)
        np.maximum(brightest, rank + (7 - number), out=brightest)
    offsets = np.array(picture.neighbours)
    darker, brighter = np.floor(darkest / 8), np.floor(brightest / 8)
    return (
        np.where(darker < 0, offsets[(darkest - darker * 8).astype(np.intp)], 0),
        np.where(brighter > 0, offsets[7 - (brightest - brighter * 8).astype(np.intp)], 0),
    )


def _luma(pixels: Pixels) -> npt.NDArray[np.float64]:
    """pixelmatch's brightness times 100,000,000: whole numbers, so exact, and different for different colours.

    So comparing these orders neighbours as pixelmatch does, and no two colours tie.
    """
    brightness = (pixels & 255).astype(np.float64)
    brightness *= 29889531.0
    brightness += (pixels >> 8 & 255) * 58662247.0
    brightness += (pixels >> 16 & 255) * 11448223.0
    return brightness
