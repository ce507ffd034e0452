"""Ignore what masks cover: as a colour that no picture has."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from scene.domain.comparison import Box
from scene.domain.masking import ComparedMask
from scene.imaging.pixels import MASKED, Pixels

_ALONE = np.uint32(0x00FF00FF)
"""Fills an area whose mask is nowhere near on the other side: that it came or went is a change."""


def fill_masks(baseline: Pixels, observed: Pixels, masks: Sequence[ComparedMask]) -> tuple[Pixels, Pixels]:
    """Both pictures with their own areas of each mask in one constant colour, so that aligning and comparing see none
    of what is in them.

    An area becomes MASKED when the same mask has an area in the other picture that shares columns with it: it may lie
    higher or lower (rows are aligned later) and be larger or smaller. An area without a counterpart is filled with a
    plain colour instead, and so differs: something that is masked came, went or moved aside.
    """
    sides = [(baseline, [mask.baseline for mask in masks], [mask.observed for mask in masks])]
    sides.append((observed, sides[0][2], sides[0][1]))
    filled = []
    for picture, own, others in sides:
        copy = picture.copy() if any(own) else picture
        marked = [
            (area, MASKED if any(_share_columns(area, other) for other in counterparts) else _ALONE)
            for areas, counterparts in zip(own, others, strict=True)
            for area in areas
        ]
        for colour in (_ALONE, MASKED):
            for area in (area for area, given in marked if given == colour):
                copy[area.y : area.y + area.height, area.x : area.x + area.width] = colour
        filled.append(copy)
    return filled[0], filled[1]


def masked_pixels(picture: Pixels, box: Box | None = None) -> int:
    """How many pixels of a filled picture, or of a box in it, are masked."""
    part = picture if box is None else picture[box.y : box.y + box.height, box.x : box.x + box.width]
    return int(np.count_nonzero(part >= MASKED))


def covered_pixels(areas: Iterable[Box], width: int, height: int) -> int:
    """How many pixels of a picture of this size the areas cover together."""
    boxes = list(areas)
    if not boxes:
        return 0
    xs = _edges([edge for box in boxes for edge in (box.x, box.x + box.width)], width)
    ys = _edges([edge for box in boxes for edge in (box.y, box.y + box.height)], height)
    cells = np.zeros((len(ys), len(xs)), np.bool_)
    for box in boxes:
        rows = slice(*np.searchsorted(ys, (box.y, box.y + box.height)))
        columns = slice(*np.searchsorted(xs, (box.x, box.x + box.width)))
        cells[rows, columns] = True
    return int(np.diff(ys, append=height) @ cells.astype(np.int64) @ np.diff(xs, append=width))


def _edges(edges: list[int], end: int) -> npt.NDArray[np.int64]:
    return np.unique(np.clip(np.array([0, *edges], np.int64), 0, end))


def _share_columns(one: Box, other: Box) -> bool:
    return one.x < other.x + other.width and other.x < one.x + one.width
