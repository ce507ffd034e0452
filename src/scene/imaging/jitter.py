"""Which changed pixels are only details that sit a little elsewhere: an opt-in, because it forgives more than noise.

A pixel is jitter when its colour lies, channel by channel, between the lowest and the highest values of the other
picture's neighbourhood, and the other picture's pixel lies between those of its own. That takes most of what rendering
at another part of a pixel does. It cannot tell this from a detail as small as the neighbourhood: a line of one pixel
that moved, or a letter exchanged for one with the same strokes nearby, is jitter too, and so is much of any change
within texture. A new colour, or an area that came or went and is larger than the neighbourhood, is not.
"""

import numpy as np
import numpy.typing as npt

from scene.imaging.pixels import MASKED, Indices, Pixels

_SLACK = 12
"""How far a channel may lie beyond the neighbourhood, of 255."""

Channels = npt.NDArray[np.uint8]


def find_jitter(
    baseline: Pixels, observed: Pixels, baseline_y: int, observed_y: int, rows: int, positions: Indices, reach: int
) -> npt.NDArray[np.bool_]:
    """For each position (y * width + x, counted from the first of ``rows`` rows) whether it is jitter.

    The neighbourhood reaches ``reach`` pixels to each side, also above and below the rows, but not out of the picture.
    """
    width = baseline.shape[1]
    before, after = _framed(baseline, baseline_y, rows, reach), _framed(observed, observed_y, rows, reach)
    stride = width + 2 * reach
    framed = positions + positions // width * 2 * reach + reach * (stride + 1)
    result = _within(before, after, framed, stride, reach)
    near = np.flatnonzero(result)
    result[near] = _within(after, before, framed[near], stride, reach)
    return result


def _framed(picture: Pixels, first: int, rows: int, reach: int) -> Pixels:
    """Rows of a picture with their surroundings, its own edges repeated outwards, as a flat array."""
    wanted = np.clip(np.arange(first - reach, first + rows + reach), 0, len(picture) - 1)
    return np.pad(picture[wanted], ((0, 0), (reach, reach)), mode="edge").reshape(-1)


def _within(picture: Pixels, other: Pixels, positions: Indices, stride: int, reach: int) -> npt.NDArray[np.bool_]:
    """Whether each pixel of ``picture`` lies within the range of its neighbourhood in ``other``."""
    centre = other[positions]
    lowest = highest = _channels(centre)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            near = other[positions + (dy * stride + dx)]
            neighbour = _channels(np.where(near < MASKED, near, centre))
            lowest, highest = np.minimum(lowest, neighbour), np.maximum(highest, neighbour)
    own = _channels(picture[positions])
    above = own.astype(np.int16) + _SLACK >= lowest
    below = own.astype(np.int16) - _SLACK <= highest
    result = np.empty(len(positions), np.bool_)
    np.all(above & below, axis=1, out=result)
    return result


def _channels(pixels: Pixels) -> Channels:
    return pixels.view(np.uint8).reshape(-1, 4)
