"""How a decoded picture is held in memory."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint32]
"""Shape (height, width), C-contiguous. Each element is 0x00BBGGRR: opaque, the top byte always 0 (but see MASKED)."""

Indices = npt.NDArray[np.intp]
"""Positions of pixels, y * width + x, ascending."""

MASKED = np.uint32(0x01808080)
"""A pixel that a mask covers: the only value with a top byte, so that no colour equals it."""

COLOUR_MASK = np.uint32(0x00FFFFFF)
BLOCK_PIXELS = 1 << 17
"""Work on about this many pixels at a time, so that the intermediate arrays stay in the processor's cache."""


def rows_per_block(width: int) -> int:
    """How many rows of a picture make one cache-sized block; at least 1."""
    return max(1, BLOCK_PIXELS // width)


def flatten_on_white(rgba: npt.NDArray[np.uint32]) -> Pixels:
    """Opaque pixels of the same shape: 0xAABBGGRR blended on white, each channel rounded to the nearest value."""
    if (rgba >= np.uint32(0xFF000000)).all():
        return rgba & COLOUR_MASK
    flat = np.empty(rgba.shape, np.uint32)
    step = rows_per_block(rgba.shape[1])
    for top in range(0, rgba.shape[0], step):
        block = rgba[top : top + step]
        alpha = block >> np.uint32(24)
        behind = (255 - alpha) * np.uint32(255) + np.uint32(127)
        result = np.zeros(block.shape, np.uint32)
        for shift in (0, 8, 16):
            channel = (block >> np.uint32(shift)) & np.uint32(255)
            result |= (channel * alpha + behind) // np.uint32(255) << np.uint32(shift)
        flat[top : top + step] = result
    return flat
