"""Show what a page shows only while it is in the window."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.protocol import CaptureJob
from scene_runner.untraced import ask, pause
from scene_runner.whole_page import resize

_SCRIPT = Path(__file__).with_name("in_view.js").read_text(encoding="utf-8").partition("(what)")
# What the page showed while it was scrolled, and does not now that it is back.
_GONE_AGAIN = """() => {
  const shown = [...document[Symbol.for('scene.shown')] ?? []].filter((each) => each.isConnected);
  return window[Symbol.for('scene.own')].dim(shown).length;
}"""
_SHOWN_MS = 250
"""In which a page shows what has come into view, as far as it needs no frame for that."""
_ROUNDING = 2


@contextmanager
def all_in_view(open_page: OpenPage, job: CaptureJob) -> Iterator[str]:
    """While the body runs, the window is as high as the page, where the page hid something as it was scrolled back.

    What goes by the height of the window keeps the height that it had; a page that is higher even so is left as it
    was. Yields what there is to say. Raises PlaywrightError.
    """
    gone: int = ask(open_page.page, _GONE_AGAIN)
    shown = gone > 0 and _grow(open_page, job)
    said = f"elements that the page shows only while they are in its window: {gone}" if gone else ""
    try:
        yield f"{said}, not in this picture" if gone and not shown else said
    finally:
        if shown and not open_page.traffic.leaves:
            with contextlib.suppress(PlaywrightError):
                _put_back(open_page, job)


def _grow(open_page: OpenPage, job: CaptureJob) -> bool:
    height = _tell(open_page, "note")
    if not job.viewport_height < height <= job.max_height_px:
        return False
    resize(open_page, job, height)
    grown = _tell(open_page, "pin")
    pause(open_page.page, _SHOWN_MS)
    if abs(grown - height) <= _ROUNDING:
        return True
    _put_back(open_page, job)
    return False


def _put_back(open_page: OpenPage, job: CaptureJob) -> None:
    _tell(open_page, "undo")
    resize(open_page, job, job.viewport_height)


def _tell(open_page: OpenPage, what: Literal["note", "pin", "undo"]) -> int:
    """The height of the page after it."""
    height: int = ask(open_page.page, "".join(_SCRIPT[1:]), what)
    return height
