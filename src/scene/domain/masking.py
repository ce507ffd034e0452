"""Masks as they were resolved in pictures, and what they come to when two pictures are compared."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scene.domain.comparison import Box
from scene.domain.masks import Mask, Rectangle
from scene.domain.model import Model


class ResolvedMask(Model):
    """Where a mask was in one picture, when that was taken."""

    mask: Mask
    areas: list[Box]
    """In pixels of the picture, inside it; none when nothing matched."""


class ComparedMask(Model):
    """What a comparison ignored for one mask, in pixels of each picture."""

    mask: Mask
    baseline: list[Box]
    """In the picture that the observed one was compared with."""
    observed: list[Box]
    taken_from: Literal["baseline", "observed"] | None = None
    """The one side that knew where the mask was, when the other was captured without it: its areas are for both."""


@dataclass(frozen=True)
class MaskedPicture:
    """What must be known of a picture to say where a mask is in it."""

    width: int
    """Pixels."""
    height: int
    device_scale_factor: float
    masks: Sequence[ResolvedMask]


def compared_masks(
    masks: Sequence[Mask], baseline: MaskedPicture, observed: MaskedPicture
) -> tuple[list[ComparedMask], list[Mask]]:
    """What each mask of a policy comes to, and those masks that neither picture was captured with.

    A rectangle is at the same place in both; a selector is where it was in each picture. Where only one of them was
    captured with it, the other has it at the same place.
    """
    found: list[ComparedMask] = []
    unknown: list[Mask] = []
    for mask in masks:
        if mask.rectangle is not None:
            sides = [_scaled(mask.rectangle, side) for side in (baseline, observed)]
            found.append(ComparedMask(mask=mask, baseline=sides[0], observed=sides[1]))
            continue
        before, after = _recorded(mask, baseline), _recorded(mask, observed)
        if before is None and after is None:
            unknown.append(mask)
        elif before is None and after is not None:
            areas = _inside(after, baseline)
            found.append(ComparedMask(mask=mask, baseline=areas, observed=after, taken_from="observed"))
        elif after is None and before is not None:
            areas = _inside(before, observed)
            found.append(ComparedMask(mask=mask, baseline=before, observed=areas, taken_from="baseline"))
        elif before is not None and after is not None:
            found.append(ComparedMask(mask=mask, baseline=before, observed=after))
    return found, unknown


def said_of_masks(masks: Sequence[ComparedMask], unknown: Sequence[Mask], against: str) -> list[str]:
    """Sentences on those masks that were not resolved in both pictures.

    against: what the observed picture was compared with, such as ``baseline``.
    """
    sentences = []
    for side, lacks in (("observed", f"{against} was"), ("baseline", "observed picture was")):
        names = [mask.mask.selector or "" for mask in masks if mask.taken_from == side]
        if names:
            place = "observed picture" if side == "observed" else against
            sentences.append(f"The {lacks} captured without {_named(names)}: masked where the {place} has it.")
    if unknown:
        names = [mask.selector or "" for mask in unknown]
        sentences.append(f"Neither picture was captured with {_named(names)}: it applies from the next capture on.")
    return sentences


def _named(selectors: Sequence[str]) -> str:
    return f"the mask {selectors[0]}" if len(selectors) == 1 else f"the masks {', '.join(selectors)}"


def _recorded(mask: Mask, picture: MaskedPicture) -> list[Box] | None:
    return next((each.areas for each in picture.masks if each.mask == mask), None)


def _scaled(rectangle: Rectangle, picture: MaskedPicture) -> list[Box]:
    scale = picture.device_scale_factor
    left, top = math.floor(rectangle.x * scale), math.floor(rectangle.y * scale)
    right, bottom = (rectangle.x + rectangle.width) * scale, (rectangle.y + rectangle.height) * scale
    return _inside([Box(x=left, y=top, width=math.ceil(right) - left, height=math.ceil(bottom) - top)], picture)


def _inside(areas: Sequence[Box], picture: MaskedPicture) -> list[Box]:
    """What of the areas is in a picture."""
    cut = (
        Box(
            x=area.x,
            y=area.y,
            width=min(area.x + area.width, picture.width) - area.x,
            height=min(area.y + area.height, picture.height) - area.y,
        )
        for area in areas
    )
    return [area for area in cut if area.width > 0 and area.height > 0]
