"""Take one frame: by the browser's own protocol with Chromium, by Playwright elsewhere."""

import base64
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FloatRect

from scene_runner.context import OpenPage
from scene_runner.untraced import ask


@dataclass(frozen=True)
class Box:
    """A part of the document, in CSS pixels from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    scale: float = 1


def measure(open_page: OpenPage) -> tuple[Box, Box]:
    """The whole document, and what the viewport shows of it."""
    if open_page.cdp:
        metrics: dict[str, Any] = open_page.cdp.send("Page.getLayoutMetrics")
        document, view = metrics["cssContentSize"], metrics["cssVisualViewport"]
        shown = Box(view["pageX"], view["pageY"], view["clientWidth"], view["clientHeight"], view["scale"])
        return Box(0, 0, document["width"], document["height"]), shown
    found: list[float] = ask(
        open_page.page,
        "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight,"
        " scrollX, scrollY, innerWidth, innerHeight]",
    )
    return Box(0, 0, found[0], found[1]), Box(*found[2:])


def shoot(open_page: OpenPage, box: Box, shown: Box, *, omit_background: bool = False) -> bytes:
    """A PNG of a part of the document in device pixels, whether or not the viewport shows it.

    omit_background: what the page itself leaves unpainted is transparent instead of white.
    """
    if open_page.cdp is None:
        clip: FloatRect = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        return open_page.page.screenshot(
            full_page=True, clip=clip, animations="allow", caret="initial", omit_background=omit_background
        )
    if omit_background:
        open_page.cdp.send("Emulation.setDefaultBackgroundColorOverride", {"color": {"r": 0, "g": 0, "b": 0, "a": 0}})
    inside = (
        box.x >= shown.x
        and box.y >= shown.y
        and box.x + box.width <= shown.x + shown.width
        and box.y + box.height <= shown.y + shown.height
    )
    # Speed costs a quarter more bytes and no pixel. A full-size view is set up only for what is out of view.
    picture: dict[str, Any] = open_page.cdp.send(
        "Page.captureScreenshot",
        {
            "format": "png",
            "optimizeForSpeed": True,
            "captureBeyondViewport": not inside,
            "clip": {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "scale": box.scale},
        },
    )
    return base64.b64decode(picture["data"])
