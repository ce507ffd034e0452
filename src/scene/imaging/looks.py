"""Whether a changed area looks like text, like a picture or like neither: a hint for the reader, by simple measures.

Text has one colour behind it and few others, with sharp edges from pixel to pixel. A picture (a photograph, a slope,
a chart with many colours) has many colours, or several without a sharp edge. What has next to one or two colours and
few edges is plain: a button without a label, a line, paper. Text on a photograph is a picture, and so is very small
text of many colours; large letters alone may be plain.
"""

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Box, Looks, Region
from scene.imaging import compiled
from scene.imaging.measurement import Measurement
from scene.imaging.pixels import Pixels

_MAX_PIXELS = 1 << 16
"""Of a larger area, the rows in its middle are looked at."""
_COVERED_PERCENT = 95
"""Rare colours beyond this share are not counted."""
_PLAIN_COLOURS = 3
_TEXT_COLOURS = 60
_TEXT_BACKGROUND = 0.35
_TEXT_EDGES = 0.025
_PLAIN_EDGES = 0.1
_EDGE = 48
"""A step of green from one pixel to the next, of 255, that is sharp."""

Areas = npt.NDArray[np.int64]


def with_looks(regions: list[Region], baseline: Pixels, observed: Pixels, measurement: Measurement) -> list[Region]:
    """The regions, each with what it looks like: the busier of what was there and what is there now."""
    places = [_offsets(region, measurement) for region in regions]
    found = [*_looks_at(baseline, regions, [before for before, _ in places])]
    found += _looks_at(observed, regions, [after for _, after in places])
    busiest: list[Looks] = ["plain"] * len(regions)
    for number, look in found:
        busiest[number] = max(busiest[number], look, key=_busyness)
    return [region.model_copy(update={"looks": look}) for region, look in zip(regions, busiest, strict=True)]


def _looks_at(picture: Pixels, regions: list[Region], offsets: list[int | None]) -> list[tuple[int, Looks]]:
    """The numbers of the regions that are in this picture too, ``offsets`` further down, with what is there."""
    parts = []
    for number, (region, offset) in enumerate(zip(regions, offsets, strict=True)):
        top, bottom = max(0, region.y + (offset or 0)), min(len(picture), region.y + (offset or 0) + region.height)
        right = min(picture.shape[1], region.x + region.width)
        if offset is not None and top < bottom and region.x < right:
            parts.append((number, Box(x=region.x, y=top, width=right - region.x, height=bottom - top)))
    return list(zip([number for number, _ in parts], looks_of(picture, [box for _, box in parts]), strict=True))


def looks_of(picture: Pixels, boxes: list[Box]) -> list[Looks]:
    """What parts of a picture look like; each must have a pixel, and lie in it."""
    if not boxes:
        return []
    areas = np.array([_middle(box) for box in boxes], np.int64)
    count = count_shades if compiled.LOOPS is None else compiled.LOOPS.shades
    found = count(picture, areas, _COVERED_PERCENT, _TEXT_COLOURS + 1, _EDGE).tolist()
    sizes = (areas[:, 2] * areas[:, 3]).tolist()
    return [
        _look(colours, most / size, sharp / size) for (colours, most, sharp), size in zip(found, sizes, strict=True)
    ]


def _middle(box: Box) -> tuple[int, int, int, int]:
    rows = min(box.height, max(1, _MAX_PIXELS // box.width))
    return box.x, box.y + (box.height - rows) // 2, box.width, rows


def _look(colours: int, background: float, sharp: float) -> Looks:
    """From how many colours it mostly has, and the shares of the commonest one and of sharp edges."""
    if colours <= _PLAIN_COLOURS and sharp < (_PLAIN_EDGES if colours == 1 else _TEXT_EDGES):
        return "plain"
    if colours <= _TEXT_COLOURS and background >= _TEXT_BACKGROUND and sharp >= _TEXT_EDGES:
        return "text"
    return "picture"


def count_shades(picture: Pixels, areas: Areas, percent: int, enough: int, edge: int) -> Areas:
    """Of each area (x, y, width, height), shape (areas, 3): how many shades cover so many percent of it, counted up to
    ``enough``; how often the commonest one occurs; how many steps of green from pixel to pixel are more than ``edge``.

    A shade is one of 16 steps for each channel.
    """
    answers = np.empty((len(areas), 3), np.int64)
    for answer, (x, y, width, height) in zip(answers, areas.tolist(), strict=True):
        area = picture[y : y + height, x : x + width]
        shades = (area >> 4 & 0xF) | (area >> 8 & 0xF0) | (area >> 12 & 0xF00)
        often = np.sort(np.bincount(shades.reshape(-1)))[::-1]
        covering = int(np.searchsorted(np.cumsum(often) * 100, area.size * percent)) + 1
        green = (area >> 8 & 255).astype(np.int16)
        answer[:] = min(covering, enough), often[0], np.count_nonzero(np.abs(np.diff(green, axis=1)) > edge)
    return answers


def _busyness(looks: Looks) -> int:
    return ("plain", "text", "picture").index(looks)


def _offsets(region: Region, measurement: Measurement) -> tuple[int | None, int | None]:
    """How much further down a region is in the baseline and in the observed picture: None where it is not there."""
    middle_x, middle_y = region.x + region.width // 2, region.y + region.height // 2
    for patch in measurement.patches:
        if patch.x <= middle_x < patch.x + patch.width and 0 <= middle_y - patch.observed_y < patch.rows:
            return patch.baseline_y - patch.observed_y, 0
    in_baseline = any(_holds(box, middle_x, middle_y) for box in measurement.missing)
    return (0, None) if in_baseline else (None, 0)


def _holds(box: Box, x: int, y: int) -> bool:
    return box.x <= x < box.x + box.width and box.y <= y < box.y + box.height
