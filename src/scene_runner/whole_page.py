"""Arrange a page for a picture of its whole length: each thing once, at its place, and nothing scrolled away."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.emulation import set_viewport
from scene_runner.protocol import CaptureJob
from scene_runner.untraced import ask

_ARRANGE = Path(__file__).with_name("whole_page.js").read_text(encoding="utf-8").partition("\n")[2]
_SCROLL = "([x, y]) => { scrollTo({ left: x, top: y, behavior: 'instant' }); }"
_POSITION = "() => [scrollX, scrollY]"
_TWO_FRAMES = """() => new Promise((resolve) => {
  const own = window[Symbol.for('scene.own')]; // see before_page.js
  own.requestAnimationFrame(() => own.requestAnimationFrame(resolve));
  own.setTimeout(resolve, 200);
})"""
# The box that scrolls in the page's stead: the page does not scroll itself, and the box fills most of the window.
_HIDDEN = """() => {
  const page = document.scrollingElement ?? document.documentElement;
  if (!page || page.scrollHeight > innerHeight + 1) return 0;
  const hidden = window[Symbol.for('scene.own')].all('*')
    .filter((each) => each !== page)
    .filter((each) => each.scrollHeight > each.clientHeight + 1)
    .filter((each) => each.clientHeight * each.clientWidth * 2 > innerHeight * innerWidth)
    .filter((each) => /auto|scroll/.test(getComputedStyle(each).overflowY))
    .map((each) => each.scrollHeight - each.clientHeight);
  return Math.max(0, ...hidden);
}"""
_GROWTHS = 3


@contextmanager
def whole_page(open_page: OpenPage, job: CaptureJob) -> Iterator[None]:
    """While the body runs the page is at its top, what is fixed to the bottom of the window is at the bottom of the
    page, and a box that scrolls in the page's stead is as high as its content.

    Raises PlaywrightError.
    """
    page = open_page.page
    position = ask(page, _POSITION)
    if position != [0, 0]:
        ask(page, _SCROLL, [0, 0])
        ask(page, _TWO_FRAMES)
    grown = _grow(open_page, job)
    ask(page, _ARRANGE, False)
    try:
        yield
    finally:
        if not open_page.traffic.leaves:
            with contextlib.suppress(PlaywrightError):  # a page that is lost is noticed by what comes next
                ask(page, _ARRANGE, True)
                if grown:
                    resize(open_page, job, job.viewport_height)
                if position != [0, 0]:
                    ask(page, _SCROLL, position)


def _grow(open_page: OpenPage, job: CaptureJob) -> bool:
    """Give the window the height that lets a scrolling box show everything: nothing of the page itself is changed.

    Where the content grows along with the window, this has no end, and the window is as it was.
    """
    height = job.viewport_height
    hidden = ask(open_page.page, _HIDDEN)
    if not hidden:
        return False
    for _ in range(_GROWTHS):
        height += hidden
        if height > job.max_height_px:
            break
        resize(open_page, job, height)
        hidden = ask(open_page.page, _HIDDEN)
        if not hidden:
            return True
    resize(open_page, job, job.viewport_height)
    return False


def resize(open_page: OpenPage, job: CaptureJob, height: int) -> None:
    """Give the window this height in CSS pixels, and the page the time to hear of it."""
    if open_page.cdp:
        set_viewport(open_page.cdp, job, height)
    else:
        open_page.page.set_viewport_size({"width": job.viewport_width, "height": height})
    ask(open_page.page, _TWO_FRAMES)
