"""Keep a page still while its picture is taken."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from scene_runner.before_page import BEFORE_PAGE
from scene_runner.context import OpenPage
from scene_runner.lost import is_lost
from scene_runner.protocol import CaptureJob
from scene_runner.untraced import ask

_SCRIPT = Path(__file__).with_name("still.js").read_text(encoding="utf-8").partition("\nasync ")[2]
_VIDEO_MS = 1_900
"""Less than what before_page.js holds back."""


@dataclass(frozen=True)
class Rhythm:
    """A timer of a page."""

    seconds: float
    """Its delay."""
    called: float
    """The moment of a call of ``keep_still``, by the monotonic clock, after which it was called last, or set."""


@dataclass(frozen=True)
class Stillness:
    changed: bool
    """Whether a document has changed since the call before."""
    seconds: float
    """For how long the page has been kept still."""
    rhythms: list[Rhythm]
    """The timers that still go on."""

    def longest_rhythm(self) -> float:
        """In seconds; 0 where no timer goes on."""
        return max((rhythm.seconds for rhythm in self.rhythms), default=0)

    def turned_since(self, moment: float, at_most: float) -> bool:
        """Whether each timer of at most so many seconds has been called, or set anew, since a moment."""
        return all(rhythm.called > moment for rhythm in self.rhythms if rhythm.seconds <= at_most)


def keep_still(open_page: OpenPage, job: CaptureJob, *, traced: bool = False) -> Stillness:
    """Stop what moves now, in every frame that has arrived. Raises PlaywrightError when the page is lost.

    traced: a trace shows the page before and after.
    """
    frames = [frame for frame in open_page.page.frames if open_page.traffic.answers(frame)]
    told = [_keep_still(frame, job, traced=traced and frame == open_page.page.main_frame) for frame in frames]
    return Stillness(
        any(each["changed"] for each in told),
        (told[0]["ms"] if told else 0) / 1000,
        [Rhythm(timer["delay"] / 1000, timer["called"]) for each in told for timer in each["rhythms"]],
    )


def _keep_still(frame: Frame, job: CaptureJob, *, traced: bool) -> dict[str, Any]:
    options = json.dumps({"freeze": job.freeze_animations, "videoMs": _VIDEO_MS, "moment": time.monotonic()})
    script = f"() => {{ {BEFORE_PAGE}; return (async {_SCRIPT})({options}); }}"
    try:
        answer: dict[str, Any] = frame.evaluate(script) if traced else ask(frame, script)
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise
        return {"changed": True, "ms": 0, "rhythms": []}  # frames come and go
    return answer
