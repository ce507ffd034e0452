"""Whether a changed area looks like text, like a picture or like neither: a hint for the reader, by simple measures.

Text has one colour behind it and few others, with sharp edges from pixel to pixel. A picture (a photograph, a slope,
a chart with many colours) has many colours, or several without a sharp edge. What has next to one or two colours and
few edges is plain: a button without a label, a line, paper. Text on a photograph is a picture, and so is very small
text of many colours; large letters alone may be plain.
"""

import numpy as np

from scene.domain.comparison import Box, Looks, Region
from scene.imaging import compiled
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Indices, Pixels

_MAX_PIXELS = 1 << 16
"""Of a larger area, the rows in its middle are looked at."""
_COVERED = 0.95
"""Rare colours beyond this share are not counted."""
_PLAIN_COLOURS = 3
_TEXT_COLOURS = 60
_TEXT_BACKGROUND = 0.35
_TEXT_EDGES = 0.025
_PLAIN_EDGES = 0.1
_EDGE = 48
"""A step of green from one pixel to the next, of 255, that is sharp."""


def with_looks(regions: list[Region], baseline: Pixels, observed: Pixels, measurement: Measurement) -> list[Region]:
    """The regions, each with what it looks like: the busier of what was there and what is there now."""
    return [
        region.model_copy(update={"looks": max(_both(region, baseline, observed, measurement), key=_busyness)})
        for region in regions
    ]


def looks(picture: Pixels) -> Looks:
    """What a picture or a part of one looks like."""
    rows = max(1, _MAX_PIXELS // picture.shape[1])
    first = max(0, (picture.shape[0] - rows) // 2)
    picture = picture[first : first + rows]
    counts, edges = count_shades(picture, _EDGE) if compiled.LOOPS is None else compiled.LOOPS.shades(picture, _EDGE)
    shares = np.sort(counts[counts > 0])[::-1] / picture.size
    colours = int(np.searchsorted(np.cumsum(shares), _COVERED)) + 1
    sharp = edges / picture.size
    if colours <= _PLAIN_COLOURS and sharp < (_PLAIN_EDGES if colours == 1 else _TEXT_EDGES):
        return "plain"
    if colours <= _TEXT_COLOURS and shares[0] >= _TEXT_BACKGROUND and sharp >= _TEXT_EDGES:
        return "text"
    return "picture"


def count_shades(picture: Pixels, edge: int) -> tuple[Indices, int]:
    """How often each shade occurs, of 16 steps for each channel, and how many steps of green are more than ``edge``."""
    shades = (picture >> 4 & 0xF) | (picture >> 8 & 0xF0) | (picture >> 12 & 0xF00)
    green = (picture >> 8 & 255).astype(np.int16)
    return np.bincount(shades.reshape(-1)), int(np.count_nonzero(np.abs(np.diff(green, axis=1)) > edge))


def _busyness(looks: Looks) -> int:
    return ("plain", "text", "picture").index(looks)


def _both(region: Region, baseline: Pixels, observed: Pixels, measurement: Measurement) -> list[Looks]:
    middle_x, middle_y = region.x + region.width // 2, region.y + region.height // 2
    before = 0
    for patch in measurement.patches:
        if patch.x <= middle_x < patch.x + patch.width and 0 <= middle_y - patch.observed_y < patch.rows:
            before = patch.baseline_y - patch.observed_y
            break
    else:
        in_baseline = any(_holds(box, middle_x, middle_y) for box in measurement.missing)
        return [looks(_part(baseline if in_baseline else observed, region, 0))]
    return [looks(_part(baseline, region, before)), looks(_part(observed, region, 0))]


def _holds(box: Box, x: int, y: int) -> bool:
    return box.x <= x < box.x + box.width and box.y <= y < box.y + box.height


def _part(picture: Pixels, region: Region, offset: int) -> Pixels:
    top = max(0, region.y + offset)
    return picture[top : max(0, region.y + offset + region.height), region.x : region.x + region.width]
