"""The few questions a runner asks about pixels."""

import io
import struct
from collections.abc import Sequence

from PIL import Image, ImageChops

from scene_runner.protocol import Area

# Our own browser made the picture, and pages may be very tall: no decompression bomb.
Image.MAX_IMAGE_PIXELS = None


_SPECKS = 10_000
"""A blank picture has at most one pixel in so many of another colour."""


def size(png: bytes) -> tuple[int, int]:
    """Width and height from the header, without decoding."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def is_blank(png: bytes) -> bool:
    """Whether all pixels but one in ten thousand have one colour: less than a word, such as a caret or a speck.

    Decodes only what compressed so well that it may be blank.

    Measured with optimizeForSpeed: blank pictures take 1 byte for 39 to 57 pixels, pages of text 1 for 3 to 8.
    """
    width, height = size(png)
    if len(png) > 1024 + width * height // 32:
        return False
    with Image.open(io.BytesIO(png)) as picture:
        specks = width * height // _SPECKS
        # More colours than that cannot be in so few pixels: counting ends there.
        colours = _on_white(picture).getcolors(maxcolors=specks + 1)
    return colours is not None and max(count for count, _ in colours) >= width * height - specks


def _on_white(picture: Image.Image) -> Image.Image:
    """Without an alpha channel, as it is compared too."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


def covers(areas: Sequence[Area], width: int, height: int) -> bool:
    """Whether the areas leave nothing of a picture."""
    if sum(area.width * area.height for area in areas) < width * height:
        return False
    free = Image.new("1", (width, height), 1)
    for area in areas:
        free.paste(0, _box(area))
    return free.getbbox() is None


def _box(area: Area) -> tuple[int, int, int, int]:
    return area.x, area.y, area.x + area.width, area.y + area.height


def moving_area(before: bytes, after: bytes, ignored: Sequence[Area] = ()) -> Area | None:
    """The box around every pixel that differs outside the ignored areas; what only one picture has differs.

    None when nothing does.
    """
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        width, height = max(old.width, new.width), max(old.height, new.height)
        common = (0, 0, min(old.width, new.width), min(old.height, new.height))
        difference = ImageChops.difference(_on_white(old).crop(common), _on_white(new).crop(common))
        for area in ignored:
            difference.paste((0, 0, 0), _box(area))
        box = difference.getbbox()
        boxes = [box] if box else []
        if old.width != new.width:
            boxes.append((common[2], 0, width, height))
        if old.height != new.height:
            boxes.append((0, common[3], width, height))
    if not boxes:
        return None
    left, top = min(each[0] for each in boxes), min(each[1] for each in boxes)
    right, bottom = max(each[2] for each in boxes), max(each[3] for each in boxes)
    return Area(left, top, right - left, bottom - top)
