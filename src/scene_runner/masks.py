"""Where masks are in a picture: resolved in the page right before it is taken."""

import math
from dataclasses import dataclass
from itertools import chain

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.elements import VISIBLE_PART
from scene_runner.failure import Failed, is_crash, plain
from scene_runner.protocol import Area, MaskJob
from scene_runner.shutter import Box

_PARTS = f"elements => window === window.top ? elements.map({VISIBLE_PART}).filter(part => part) : null"


@dataclass(frozen=True)
class _Place:
    """CSS pixels, in the document or in the target."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class LocatedMask:
    places: list[_Place]
    in_target: bool
    """Whether the places are measured from the corner of the target, not of the document."""


def locate(open_page: OpenPage, masks: list[MaskJob]) -> list[LocatedMask]:
    """Every mask of a job as it is now. Raises Failed("selector"), naming the mask."""
    return [_locate(open_page, number, mask) for number, mask in enumerate(masks)]


def _locate(open_page: OpenPage, number: int, mask: MaskJob) -> LocatedMask:
    if mask.selector is None:
        return LocatedMask([_Place(mask.x, mask.y, mask.width, mask.height)], in_target=True)
    label = f"masks[{number}] {mask.selector}"
    try:
        found: list[list[float]] | None = open_page.page.locator(mask.selector).evaluate_all(_PARTS)
    except PlaywrightError as error:
        if is_crash(error):
            raise
        raise Failed("selector", f"{label} is not a selector: {plain(error)}.") from error
    if found is None:
        raise Failed("selector", f"{label} matches inside a frame; mask the frame as a whole.")
    return LocatedMask([_Place(*place) for place in found], in_target=False)


def areas_in(picture: tuple[int, int], box: Box, masks: list[LocatedMask]) -> list[list[Area]]:
    """Each mask's areas in a picture of this size in pixels, taken of this box of the document: never too small."""
    scale = picture[0] / box.width
    return [
        [
            area
            for place in mask.places
            if (area := _area(place, (0, 0) if mask.in_target else (box.x, box.y), scale, picture)) is not None
        ]
        for mask in masks
    ]


def _area(place: _Place, corner: tuple[float, float], scale: float, picture: tuple[int, int]) -> Area | None:
    x, y = (place.x - corner[0]) * scale, (place.y - corner[1]) * scale
    left, top = max(0, math.floor(x)), max(0, math.floor(y))
    right = min(picture[0], math.ceil(x + place.width * scale))
    bottom = min(picture[1], math.ceil(y + place.height * scale))
    return Area(left, top, right - left, bottom - top) if right > left and bottom > top else None


def all_areas(areas: list[list[Area]]) -> list[Area]:
    return list(chain.from_iterable(areas))


def said_of_masks(masks: list[MaskJob], areas: list[list[Area]]) -> str:
    """For the step log: how many areas each mask by selector came to."""
    counts = (
        f"masks[{number}] {mask.selector}: {_count(len(found))}"
        for number, (mask, found) in enumerate(zip(masks, areas, strict=True))
        if mask.selector is not None
    )
    return "; ".join(counts)


def _count(areas: int) -> str:
    return "nothing to mask" if not areas else f"{areas} area{'' if areas == 1 else 's'}"
