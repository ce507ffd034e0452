"""Whether a picture shows anything."""

import numpy as np

from scene.imaging.pixels import Pixels

_SPECKS = 10_000
"""A blank picture has at most one pixel in so many of another colour, as the runner counts too."""
_SAMPLE = 1_000


def is_blank(pixels: Pixels) -> bool:
    """Whether all pixels but one in ten thousand have one colour: less than a word."""
    flat = pixels.reshape(-1)
    colours, counts = np.unique(flat[:: max(1, flat.size // _SAMPLE)], return_counts=True)
    others = np.count_nonzero(flat != colours[counts.argmax()])
    return int(others) <= flat.size // _SPECKS
