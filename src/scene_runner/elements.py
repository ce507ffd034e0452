"""Element targets: which elements match, and where each of them is."""

import math
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.failure import Failed, is_crash, picture_words, plain
from scene_runner.protocol import TargetJob
from scene_runner.shutter import Box

MOST = 500
"""More elements than this are not captured for one target."""

# What of an element can be seen: its scroll containers cut it off. CSS pixels in the document; null when nothing can.
VISIBLE_PART = """element => {
  const { around } = window[Symbol.for('scene.own')]; // see before_page.js
  const box = element.getBoundingClientRect();
  let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
  let position = getComputedStyle(element).position;
  for (let outer = around(element); outer && outer !== document.body; outer = around(outer)) {
    if (position === 'fixed') break;
    const style = getComputedStyle(outer);
    if (position === 'absolute' && style.position === 'static') continue;
    const cut = outer.getBoundingClientRect();
    const [x, y] = [cut.left + outer.clientLeft, cut.top + outer.clientTop];
    if (style.overflowX !== 'visible') [left, right] = [Math.max(left, x), Math.min(right, x + outer.clientWidth)];
    if (style.overflowY !== 'visible') [top, bottom] = [Math.max(top, y), Math.min(bottom, y + outer.clientHeight)];
    position = style.position;
  }
  return right > left && bottom > top ? [left + scrollX, top + scrollY, right - left, bottom - top] : null;
}"""
# Shows an element inside its own scroll containers; the page itself stays where it is scrolled to.
_SHOWN = f"""element => {{
  const {{ around }} = window[Symbol.for('scene.own')];
  const [left, top] = [scrollX, scrollY];
  for (let outer = around(element); outer && outer !== document.body; outer = around(outer)) {{
    const style = getComputedStyle(outer);
    if ((outer.scrollHeight > outer.clientHeight && style.overflowY !== 'visible')
      || (outer.scrollWidth > outer.clientWidth && style.overflowX !== 'visible')) {{
      element.scrollIntoView({{ block: 'nearest', inline: 'nearest', behavior: 'instant' }});
      scrollTo({{ left, top, behavior: 'instant' }});
      break;
    }}
  }}
  return getComputedStyle(element).visibility === 'visible' ? ({VISIBLE_PART})(element) : null;
}}"""
_LOCATE = f"""(elements, [index, width, height]) => {{
  if (window !== window.top) return 'frame';
  const onPage = part => part && part[0] < width && part[1] < height && part[0] + part[2] > 0 && part[1] + part[3] > 0;
  const parts = elements.map((element, at) => index < 0 || at === index ? ({_SHOWN})(element) : null);
  return parts.map(part => onPage(part) ? part : null);
}}"""


@dataclass(frozen=True)
class Match:
    """One picture to take: a target without elements, or one of the elements that match."""

    key: str
    target: TargetJob
    index: int | None = None
    """Among all that match, from 0."""

    @property
    def known_sha256(self) -> str | None:
        return self.target.known.get(self.key)


def matches(open_page: OpenPage, target: TargetJob, document: Box) -> tuple[list[Match], str]:
    """The pictures to take of an element target, and what there is to say.

    Elements are numbered in the order of the document, the invisible ones too: one that is hidden for now leaves the
    others their numbers. Raises Failed("selector") when none or not the expected number can be seen.
    """
    parts = _parts(open_page, target, None, document)
    seen = [index for index, part in enumerate(parts) if part is not None]
    hidden = len(parts) - len(seen)
    invisible = f"{_count(hidden)} not visible" if hidden else ""
    about = picture_words(target.key)
    if target.expected_count not in (None, len(seen)):
        found = f"{_count(len(seen))} visible" + (f"; {invisible}" if invisible else "")
        raise Failed("selector", f"{about}: {_count(target.expected_count or 0)} expected, {found}.")
    if target.match == "first":
        seen = [0]
    elif not seen:
        raise Failed("selector", f"{about}: none of what matches {target.selector} is visible ({invisible}).")
    elif len(seen) > MOST:
        raise Failed("selector", f"{about}: {_count(len(seen))} visible; at most {MOST} are captured.")
    said = _count(len(seen)) + (f"; {invisible}" if invisible else "")
    return [Match(f"{target.key}#{index + 1}", target, index) for index in seen], said


def box_of(open_page: OpenPage, match: Match, document: Box) -> Box:
    """The element with its padding, on whole pixels, so that the same element always has the same size.

    Of one that is larger than its scroll container, the part that shows. Raises Failed("selector").
    """
    target, index = match.target, match.index or 0
    parts = _parts(open_page, target, index, document)
    part = parts[index] if index < len(parts) else None
    if part is None:
        said = "is not visible: it has no size, is hidden, or lies outside the page"
        raise Failed("selector", f"{picture_words(match.key)}, which matches {target.selector}, {said}.")
    x, y, width, height = part
    padding = target.padding_px
    left, top = max(0, math.floor(x) - padding), max(0, math.floor(y) - padding)
    right = min(math.ceil(document.width), math.ceil(x + width) + padding)
    bottom = min(math.ceil(document.height), math.ceil(y + height) + padding)
    return Box(left, top, right - left, bottom - top)


def _parts(
    open_page: OpenPage, target: TargetJob, index: int | None, document: Box
) -> list[tuple[float, float, float, float] | None]:
    """What can be seen of each element that matches; with an index, of that one alone."""
    selector = target.selector or ""
    arguments = [-1 if index is None else index, document.width, document.height]
    try:
        found: list[tuple[float, float, float, float] | None] | Literal["frame"] = open_page.page.locator(
            selector
        ).evaluate_all(_LOCATE, arguments)
    except PlaywrightError as error:
        if is_crash(error):
            raise
        raise Failed("selector", f"{selector} is not a selector: {plain(error)}.") from error
    if found == "frame":
        about = picture_words(target.key)
        raise Failed("selector", f"{about}: {selector} is inside a frame; capture the frame as a whole.")
    if not found:
        raise Failed("selector", f"No element matches {selector}.{_in_frames(open_page, selector)}")
    return found


def _in_frames(open_page: OpenPage, selector: str) -> str:
    for frame in open_page.page.frames[1:]:
        try:
            if frame.locator(selector).count():
                return " One inside a frame does, which is not looked into: capture the frame as a whole."
        except PlaywrightError as error:
            if is_crash(error):
                raise
    return ""


def _count(elements: int) -> str:
    return f"{elements} element{'' if elements == 1 else 's'}"
