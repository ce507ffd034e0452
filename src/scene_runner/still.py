"""Keep a page still while its picture is taken."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Page

from scene_runner.lost import is_lost
from scene_runner.protocol import CaptureJob

_SCRIPT = Path(__file__).with_name("still.js").read_text(encoding="utf-8").partition("\nasync ")[2]
_BEFORE_PAGE = Path(__file__).with_name("before_page.js").read_text(encoding="utf-8").partition("\n")[2]
_VIDEO_MS = 1_900
"""Less than what before_page.js holds back."""

BEFORE_PAGE = f"({_BEFORE_PAGE.strip()})()"
"""The script that every document runs before its own."""


@dataclass(frozen=True)
class Stillness:
    changed: bool
    """Whether a document has changed since the call before."""
    seconds: float
    """For how long the page has been kept still."""


def keep_still(page: Page, job: CaptureJob) -> Stillness:
    """Stop what moves now, in every frame. Raises PlaywrightError when the page is lost."""
    told = [_keep_still(frame, job) for frame in page.frames]
    return Stillness(any(each["changed"] for each in told), told[0]["ms"] / 1000)


def _keep_still(frame: Frame, job: CaptureJob) -> dict[str, Any]:
    options = json.dumps({"freeze": job.freeze_animations, "videoMs": _VIDEO_MS})
    try:
        answer: dict[str, Any] = frame.evaluate(f"() => (async {_SCRIPT})({options})")
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise
        return {"changed": True, "ms": 0}  # frames come and go
    return answer
