"""Keep a page still while its picture is taken."""

import json
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
class Stillness:
    changed: bool
    """Whether a document has changed since the call before."""
    seconds: float
    """For how long the page has been kept still."""
    rhythm_seconds: float
    """The longest delay of those timers that still go on: what they do is done once in so long."""


def keep_still(open_page: OpenPage, job: CaptureJob, *, traced: bool = False) -> Stillness:
    """Stop what moves now, in every frame that has arrived. Raises PlaywrightError when the page is lost.

    traced: a trace shows the page before and after.
    """
    frames = [frame for frame in open_page.page.frames if open_page.traffic.answers(frame)]
    told = [_keep_still(frame, job, traced=traced and frame == open_page.page.main_frame) for frame in frames]
    return Stillness(
        any(each["changed"] for each in told),
        (told[0]["ms"] if told else 0) / 1000,
        max((each["rhythmMs"] for each in told), default=0) / 1000,
    )


def _keep_still(frame: Frame, job: CaptureJob, *, traced: bool) -> dict[str, Any]:
    options = json.dumps({"freeze": job.freeze_animations, "videoMs": _VIDEO_MS})
    script = f"() => {{ {BEFORE_PAGE}; return (async {_SCRIPT})({options}); }}"
    try:
        answer: dict[str, Any] = frame.evaluate(script) if traced else ask(frame, script)
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise
        return {"changed": True, "ms": 0, "rhythmMs": 0}  # frames come and go
    return answer
