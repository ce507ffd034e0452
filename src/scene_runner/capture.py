"""Turn a target into a picture that can be trusted."""

import hashlib
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ElementHandle
from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.failure import Failed, crash, is_crash, plain
from scene_runner.masks import all_areas, areas_in, locate
from scene_runner.pixels import covers, is_one_colour, moving_area, size
from scene_runner.protocol import Area, Capture, CaptureJob, TargetJob
from scene_runner.report import write_whole
from scene_runner.shutter import Box, measure, shoot

_PAUSE_MS = 50
_LOCATE = """element => {
  for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
    if (outer.scrollHeight > outer.clientHeight && /auto|scroll/.test(getComputedStyle(outer).overflowY)) {
      element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
      break;
    }
  }
  const box = element.getBoundingClientRect();
  return [box.x + scrollX, box.y + scrollY, box.width, box.height];
}"""


@dataclass
class _Frames:
    """The frames of one target: the last two, and how many of the latest agree outside masks."""

    last: bytes = b""
    before: bytes = b""
    digest: str = ""
    masks: list[list[Area]] = field(default_factory=list)
    """Of the last frame."""
    masked: list[Area] = field(default_factory=list)
    """In either of the last two frames."""
    taken: int = 0
    agreeing: int = 0

    def add(self, frame: bytes, masks: list[list[Area]]) -> None:
        digest = hashlib.sha256(frame).hexdigest()
        agrees = digest == self.digest
        self.before, self.last, self.digest = self.last, frame, digest
        self.masked = all_areas(self.masks + masks)
        self.masks = masks
        self.taken += 1
        if not agrees and self.taken > 1 and self.masked:
            agrees = self.moving() is None
        self.agreeing = self.agreeing + 1 if agrees else 1

    def moving(self) -> Area | None:
        """Where the last two frames differ."""
        return moving_area(self.before, self.last, self.masked)


def capture(open_page: OpenPage, target: TargetJob, job: CaptureJob, file: str) -> Capture:
    """Write the target's picture to the job's folder. Raises Failed; OSError when it cannot be written."""
    try:
        element = _find(open_page, target) if target.kind == "element" else None
        frames = _take_until_stable(open_page, target, element, job)
    except PlaywrightError as error:
        if is_crash(error):
            raise crash(error) from error
        raise Failed("internal", f"{target.key} could not be captured: {plain(error)}.") from error
    if target.kind != "element" and not job.allow_blank and is_one_colour(frames.last):
        raise Failed("blank", f"{target.key} is blank: every pixel has the same colour.")
    unstable = frames.agreeing < job.stable_frames and frames.digest != target.known_sha256
    width, height = size(frames.last)
    if covers(all_areas(frames.masks), width, height):
        raise Failed("selector", f"The masks cover all of {target.key}: nothing of it could be compared.")
    write_whole(Path(job.output_dir, file), frames.last)
    return Capture(
        target=target.key,
        file=file,
        sha256=frames.digest,
        width=width,
        height=height,
        frames=frames.taken,
        unstable=unstable,
        unstable_area=frames.moving() if unstable and frames.agreeing == 1 else None,
        masks=frames.masks,
    )


def _take_until_stable(
    open_page: OpenPage, target: TargetJob, element: ElementHandle | None, job: CaptureJob
) -> _Frames:
    """A first frame with the known digest is stable by definition: pictures of equal pages are equal files."""
    frames = _Frames()
    until = time.monotonic() + job.stability_timeout_ms / 1000
    while True:
        box, shown = _frame_of(open_page, target, element, job)
        masks = locate(open_page, job.masks)
        frame = shoot(open_page, box, shown)
        frames.add(frame, areas_in(size(frame), box, masks))
        known = frames.taken == 1 and frames.digest == target.known_sha256
        # Two frames are needed to say where it moves.
        out_of_time = time.monotonic() >= until and frames.taken > 1
        if known or frames.agreeing >= job.stable_frames or out_of_time:
            return frames
        if frames.taken > frames.agreeing:
            open_page.page.wait_for_timeout(_PAUSE_MS)


def _frame_of(
    open_page: OpenPage, target: TargetJob, element: ElementHandle | None, job: CaptureJob
) -> tuple[Box, Box]:
    whole, shown = measure(open_page)
    if element is not None:
        whole = _box_of(element, target)
    elif target.kind == "viewport":
        whole = shown
    if whole.height > job.max_height_px:
        raise Failed(
            "page_too_tall",
            f"{target.key} is {math.ceil(whole.height)} px tall; at most {job.max_height_px} px are captured.",
        )
    return whole, shown


def _find(open_page: OpenPage, target: TargetJob) -> ElementHandle:
    selector = target.selector or ""
    try:
        element = open_page.page.query_selector(selector)
    except PlaywrightError as error:
        if is_crash(error):
            raise
        raise Failed("selector", f"{selector} is not a selector: {plain(error)}.") from error
    if element is None:
        raise Failed("selector", f"No element matches {selector}.")
    return element


def _box_of(element: ElementHandle, target: TargetJob) -> Box:
    """The element on whole pixels, so that the same element always has the same size."""
    x, y, width, height = element.evaluate(_LOCATE)
    left, top = max(0, math.floor(x)), max(0, math.floor(y))
    right, bottom = math.ceil(x + width), math.ceil(y + height)
    if width <= 0 or height <= 0 or right <= left or bottom <= top:
        raise Failed("selector", f"The element that matches {target.selector} is not visible.")
    return Box(left, top, right - left, bottom - top)
