"""Turn a target into a picture that can be trusted."""

import hashlib
import math
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from scene_runner.context import OpenPage
from scene_runner.elements import Match, box_of
from scene_runner.evidence import named_in_trace
from scene_runner.failure import Failed, crash, picture_words, plain
from scene_runner.hiding import hide
from scene_runner.in_view import all_in_view
from scene_runner.lost import is_lost
from scene_runner.masks import all_areas, areas_in, locate, said_of_masks
from scene_runner.navigate import Left, arrive, is_navigation
from scene_runner.pixels import covers, is_blank, moving_area, size
from scene_runner.protocol import Area, Capture, CaptureJob
from scene_runner.report import write_whole
from scene_runner.shutter import Box, measure, shoot
from scene_runner.still import keep_still
from scene_runner.untraced import pause
from scene_runner.whole_page import whole_page

# Of different lengths, so that no regular movement keeps step with the frames.
_PAUSES_MS = (50, 70, 110, 130)
_RHYTHM_PAUSES_MS = (170, 310, 230, 290)
"""Where nothing has moved yet, and timers go on."""
_WATCHED_SECONDS = 0.4
"""How long a page is watched at least, unless it looks as expected: what begins a little late is seen."""
_RESTLESS_SECONDS = 1.0
"""How long a page that has moved, or whose document goes on changing, has to look the same."""
_RESTLESS_FRAMES = 5
"""How many have to agree then, as far as there is time: on a slow machine two may have all that moves between them."""


@dataclass
class _Frames:
    """The frames of one target: the last two that differ outside masks, and how many of the latest agree."""

    last: bytes = b""
    before: bytes = b""
    """The last one that differs from it."""
    digest: str = ""
    masks: list[list[Area]] = field(default_factory=list)
    """Of the last frame."""
    before_masks: list[list[Area]] = field(default_factory=list)
    taken: int = 0
    agreeing: int = 0
    agreeing_since: float = 0
    """When the first of those had been taken; all moments are of the monotonic clock."""
    agreeing_until: float = 0
    """When the last of them was begun."""

    def add(self, frame: bytes, masks: list[list[Area]], began: float) -> None:
        digest = hashlib.sha256(frame).hexdigest()
        masked = all_areas(self.masks + masks)
        agrees = digest == self.digest
        if not agrees and masked and self.taken:
            agrees = moving_area(self.last, frame, masked) is None
        if not agrees:
            self.before, self.before_masks = self.last, self.masks
            self.agreeing, self.agreeing_since = 0, time.monotonic()
        self.last, self.digest, self.masks = frame, digest, masks
        self.agreeing_until = began
        self.agreeing += 1
        self.taken += 1

    @property
    def moved(self) -> bool:
        """Whether any two have differed."""
        return self.agreeing < self.taken

    def moving(self) -> Area | None:
        """Where the last two frames that differ do so."""
        return moving_area(self.before, self.last, all_areas(self.before_masks + self.masks))

    def agree(self, number: int, seconds: float) -> bool:
        """Whether so many agree, and for so long."""
        return self.agreeing >= number and self.agreeing_until - self.agreeing_since >= seconds


def capture(open_page: OpenPage, match: Match, job: CaptureJob, file: str) -> tuple[Capture, str]:
    """Write a target's picture to the job's folder. Returns what there is to say of it, too.

    Raises Failed; Left when the page left meanwhile; OSError when the picture cannot be written.
    """
    try:
        kind = match.target.kind
        with (
            named_in_trace(open_page.page.context, job, picture_words(match.key)),
            all_in_view(open_page, job) if kind != "viewport" else nullcontext("") as said,
            whole_page(open_page, job) if kind == "full" else nullcontext(),
        ):
            frames, stable = _take_until_stable(open_page, match, job)
    except PlaywrightError as error:
        if is_lost(open_page.page, error):
            raise crash(error) from error
        if is_navigation(error):
            raise Left from error
        raise Failed("internal", f"{picture_words(match.key)} could not be captured: {plain(error)}.") from error
    if match.target.kind != "element" and not job.allow_blank and is_blank(frames.last):
        raise Failed("blank", f"{picture_words(match.key)} is blank: at least 99.99 % of it has one colour.")
    width, height = size(frames.last)
    if covers(all_areas(frames.masks), width, height):
        raise Failed("selector", f"{picture_words(match.key)} is masked as a whole: nothing of it could be compared.")
    write_whole(Path(job.output_dir, file), frames.last)
    taken = Capture(
        target=match.key,
        file=file,
        sha256=frames.digest,
        width=width,
        height=height,
        frames=frames.taken,
        unstable=not stable,
        unstable_area=None if stable or not frames.before else frames.moving(),
        masks=frames.masks,
    )
    return taken, "; ".join(filter(None, (said_of_masks(job.masks, frames.masks), said)))


def _take_until_stable(open_page: OpenPage, match: Match, job: CaptureJob) -> tuple[_Frames, bool]:
    """The frames, and whether they agree.

    A first frame with the known digest is stable by definition: pictures of equal pages are equal files.
    """
    frames = _Frames()
    at_most = job.stability_timeout_ms / 2000 if job.stable_frames > 1 else 0
    # Four fifths of the time there is, so that a page that stands still can show it.
    turns_within = 1.6 * at_most
    restless = False
    stillness = keep_still(open_page, job, traced=True)
    until = time.monotonic() + job.stability_timeout_ms / 1000
    while True:
        if arrive(open_page, job):
            raise Left
        hide(open_page, job)
        before, stillness = stillness, keep_still(open_page, job)
        box, shown = _frame_of(open_page, match, job)
        masks = locate(open_page, job.masks)
        began = time.monotonic()
        frame = shoot(open_page, box, shown, omit_background=job.omit_background)
        frames.add(frame, areas_in(size(frame), box, masks), began)
        if frames.taken == 1 and frames.digest == match.known_sha256:
            return frames, True
        restless = restless or stillness.changed or frames.moved
        rhythm = stillness.longest_rhythm()
        # Known by the frame before, so that what a timer has begun has had a pause to show.
        turned = before.turned_since(frames.agreeing_since, turns_within)
        same_for = max(turns_within if rhythm > turns_within else 0, min(_RESTLESS_SECONDS if restless else 0, at_most))
        watched = stillness.seconds >= min(_WATCHED_SECONDS, at_most)
        enough = max(job.stable_frames, _RESTLESS_FRAMES) if restless and at_most else job.stable_frames
        if watched and turned and frames.agree(enough, same_for):
            return frames, True
        # Two frames are needed to say where it moves. What has not moved on a slow machine is given half as long again.
        if frames.taken > 1 and time.monotonic() >= until + (0 if frames.moved else at_most):
            return frames, frames.agree(job.stable_frames, same_for) and (turned or not frames.moved)
        left_ms = (min(_WATCHED_SECONDS, at_most) - stillness.seconds) * 1000
        pauses_ms = _PAUSES_MS if restless or not rhythm else _RHYTHM_PAUSES_MS
        pause_ms = pauses_ms[frames.taken % len(pauses_ms)] if frames.taken > 1 or rhythm else 0
        if rhythm and pause_ms:
            pause(open_page.page, pause_ms)
        elif left_ms > 0 or pause_ms:
            pause(open_page.page, max(left_ms, pause_ms))


def _frame_of(open_page: OpenPage, match: Match, job: CaptureJob) -> tuple[Box, Box]:
    whole, shown = measure(open_page)
    if match.index is not None:
        whole = box_of(open_page, match, whole)
    elif match.target.kind == "viewport":
        whole = shown
    if whole.height > job.max_height_px:
        height, most = math.ceil(whole.height), job.max_height_px
        said = f"{picture_words(match.key)} is {height:,} px tall; at most {most:,} px are captured."
        raise Failed("page_too_tall", said)
    return whole, shown
