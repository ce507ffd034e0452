"""Keep a page still while its picture is taken."""

import json
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from scene_runner.context import OpenPage
from scene_runner.lost import is_lost
from scene_runner.protocol import CaptureJob

_SCRIPT = Path(__file__).with_name("still.js").read_text(encoding="utf-8").partition("\nasync ")[2]
_VIDEO_MS = 2_000


def keep_still(open_page: OpenPage, job: CaptureJob) -> bool:
    """Stop what moves now, in every frame. Returns whether a document has changed since the call before.

    Raises PlaywrightError when the page is lost.
    """
    changed = [_keep_still(frame, job) for frame in open_page.page.frames]
    return any(changed)


def _keep_still(frame: Frame, job: CaptureJob) -> bool:
    options = json.dumps({"freeze": job.freeze_animations, "videoMs": _VIDEO_MS})
    try:
        return bool(frame.evaluate(f"() => (async {_SCRIPT})({options})"))
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise
        return True  # frames come and go
