"""Bring a page to rest before its picture is taken, in as few round trips as possible."""

import json
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from scene_runner.context import OpenPage
from scene_runner.failure import crash
from scene_runner.lost import is_lost
from scene_runner.protocol import CaptureJob
from scene_runner.still import keep_still
from scene_runner.watchdog import Watchdog

_SCRIPT = Path(__file__).with_name("settle.js").read_text(encoding="utf-8").partition("\n")[2]
_NAVIGATED = ("Execution context was destroyed", "Frame was detached", "Cannot find context")
_NAVIGATIONS_FOLLOWED = 5


def settle(open_page: OpenPage, job: CaptureJob, watchdog: Watchdog) -> list[str]:
    """Load what is lazy, wait for fonts, images and network, stop what moves.

    Never fails because something did not come to rest in time. Returns URLs of pictures that could not be shown.
    """
    until = time.monotonic() + job.settle_timeout_ms / 1000
    with watchdog.limit(
        job.settle_timeout_ms / 1000 + 5, "The page did not come to rest: its own scripts keep it busy."
    ):
        broken = _settle_page(open_page, job, until, first=True)
        if open_page.traffic.wait_until_quiet(job.network_quiet_ms, until):
            # What arrived meanwhile may bring fonts, images and animations of its own.
            broken = _settle_page(open_page, job, until, first=False)
        for frame in open_page.page.frames[1:]:
            _settle_frame(frame, until)
        if job.wait_before_capture_ms:
            open_page.page.wait_for_timeout(job.wait_before_capture_ms)
        keep_still(open_page, job)
    return list(dict.fromkeys([*broken, *open_page.traffic.unloaded()]))


def _settle_page(open_page: OpenPage, job: CaptureJob, until: float, *, first: bool) -> list[str]:
    """A page that navigates while it settles is settled where it arrives."""
    for _ in range(_NAVIGATIONS_FOLLOWED):
        try:
            found: list[str] = open_page.page.evaluate(_call(until, lazy=job.load_lazy and first))
        except PlaywrightError as error:
            if is_lost(open_page.page, error):
                raise crash(error) from error
            if not any(sign in str(error) for sign in _NAVIGATED):
                raise
            open_page.page.wait_for_load_state(job.wait_until, timeout=job.navigation_timeout_ms)
        else:
            return found
    return []


def _settle_frame(frame: Frame, until: float) -> None:
    try:
        frame.evaluate(_call(min(until, time.monotonic() + 1), lazy=False))
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise crash(error) from error
        # Frames come and go; one that is gone needs no rest.


def _call(until: float, *, lazy: bool) -> str:
    options = {
        "budgetMs": max(0, round((until - time.monotonic()) * 1000)),
        "loadLazy": lazy,
    }
    return f"() => ({_SCRIPT})({json.dumps(options)})"
