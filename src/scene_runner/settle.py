"""Bring a page to rest before its picture is taken, in as few round trips as possible."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame

from scene_runner.before_page import BEFORE_PAGE
from scene_runner.context import OpenPage
from scene_runner.failure import Failed, crash
from scene_runner.lost import is_lost
from scene_runner.navigate import Left, arrive, is_navigation
from scene_runner.protocol import CaptureJob
from scene_runner.still import keep_still
from scene_runner.untraced import ask, pause
from scene_runner.watchdog import Watchdog

_SCRIPT = Path(__file__).with_name("settle.js").read_text(encoding="utf-8").partition("\nasync ")[2]
_HOLD = "() => { document[Symbol.for('scene.held')] = true; }"
"""From here on nothing happens that happens every few seconds: see before_page.js. A job that waits, waits for it."""
_LEAVES_AT_MOST = 5
_WALKS = 10
"""How often a page that grew while it was scrolled is scrolled on."""
_BEFORE_WALK_SECONDS = 2.0
"""How long the page's requests are waited for before it is scrolled: what never ends holds nothing up."""
_TOLD_LATER_MS = 50
"""How much later than of what a script found Firefox may tell of the requests that the script caused."""
_TOLD_SECONDS = 1.0
"""How much later than that either browser may do so on a busy machine."""
_LOOK_MS = 10
_HANDLED_MS = 20
"""In which a page is taken to have dealt with an answer, where a new frame is waited for besides."""


@dataclass(frozen=True)
class Settled:
    unloaded: list[str]
    """URLs of pictures, fonts and styles that could not be shown."""
    remark: str
    """What a person should know, as a sentence; empty when there is nothing."""


@dataclass(frozen=True)
class _Found:
    """What one round in the page found. Heights are the sums of all that scrolls, in CSS pixels."""

    broken: list[str] = field(default_factory=list)
    walked: float = 0
    """Of what was scrolled through, as it was when that began."""
    height: float = 0
    """Of what could be scrolled through now."""
    asked: bool = False
    """Whether the page has asked a server for something meanwhile."""


def settle(open_page: OpenPage, job: CaptureJob, watchdog: Watchdog) -> Settled:
    """Load what is lazy, wait for fonts, images and network, stop what moves; of the document where the page stays.

    Never fails because something did not come to rest in time. Raises Failed when the page leaves and does not arrive,
    or leaves again and again, and when a part of it is missing because this machine's network has changed.
    """
    moved = False
    for _ in range(_LEAVES_AT_MOST):
        arrive(open_page, job, moved=moved)
        try:
            settled = _settle(open_page, job, watchdog)
        except Left:
            moved = not open_page.traffic.leaves
            continue
        if open_page.traffic.network_changed:
            raise Failed("navigation", "The network changed while the page was loading: a part of it has not arrived.")
        return settled
    raise Failed("navigation", f"The page does not stay: it left {_LEAVES_AT_MOST} times before it came to rest.")


def _settle(open_page: OpenPage, job: CaptureJob, watchdog: Watchdog) -> Settled:
    """Raises Left."""
    until = time.monotonic() + job.settle_timeout_ms / 1000
    with watchdog.limit(
        job.settle_timeout_ms / 1000 + 5, "The page did not come to rest: its own scripts keep it busy."
    ):
        if not job.wait_before_capture_ms:
            _in_page(open_page, _HOLD)
        reacts = job.load_lazy and _show(open_page, job, until)
        found, remark = _Found(), ""
        for number in range(1, _WALKS + 1):
            began = time.monotonic()
            found = _walk(open_page, job, until, found.walked, reacts=reacts or number > 1)
            _wait_until_told(open_page, began, until, asked=found.asked)
            open_page.traffic.wait_until_quiet(job.network_quiet_ms, until)
            grew = found.height > found.walked
            # What arrived meanwhile may bring fonts, images and content of its own, even when it came just after this
            # round had measured the page.
            stirred = job.network_quiet_ms > 0 and open_page.traffic.changed_since(began)
            if not grew and not stirred:
                break
            if number == _WALKS or time.monotonic() >= until:
                if grew:
                    remark = f"The page grows as it is scrolled: scrolling ended after {number} rounds"
                break
        for frame in open_page.page.frames[1:]:
            if open_page.traffic.answers(frame):
                _settle_frame(frame, job, until)
        if job.wait_before_capture_ms:
            open_page.page.wait_for_timeout(job.wait_before_capture_ms)
        if open_page.traffic.leaves:
            raise Left
        keep_still(open_page, job)
    return Settled(list(dict.fromkeys([*found.broken, *open_page.traffic.unloaded()])), remark)


def _show(open_page: OpenPage, job: CaptureJob, until: float) -> bool:
    """Show the page its whole length at once, and wait for what it asks for then. Whether it reacted.

    One after the other: a page that is asked for two things at once may arrange them as they arrive.
    """
    until = min(until, time.monotonic() + _BEFORE_WALK_SECONDS)
    traffic = open_page.traffic
    traffic.wait_until_quiet(min(job.network_quiet_ms, _HANDLED_MS), until)
    began = time.monotonic()
    shown = _in_page(open_page, _call({"show": True}, until))
    if open_page.cdp is None:
        pause(open_page.page, _TOLD_LATER_MS)
    _wait_until_told(open_page, began, until, asked=shown["asked"])
    if traffic.changed_since(began):
        traffic.wait_until_quiet(job.network_quiet_ms, until)
    return bool(shown["reacts"])


def _wait_until_told(open_page: OpenPage, began: float, until: float, *, asked: bool) -> None:
    """Until the browser tells of what the page has asked for, which its scripts do sooner."""
    until = min(until, time.monotonic() + _TOLD_SECONDS)
    while asked and not open_page.traffic.changed_since(began) and time.monotonic() < until:
        pause(open_page.page, _LOOK_MS)


def _walk(open_page: OpenPage, job: CaptureJob, until: float, walked: float, *, reacts: bool) -> _Found:
    options = {"loadLazy": job.load_lazy, "walked": walked, "reacts": reacts}
    return _Found(**_in_page(open_page, _call(options, until)))


def _in_page(open_page: OpenPage, script: str) -> Any:
    """Raises Left."""
    if open_page.traffic.leaves:
        raise Left
    try:
        return ask(open_page.page, script)
    except PlaywrightError as error:
        if is_lost(open_page.page, error):
            raise crash(error) from error
        if not is_navigation(error):
            raise
        raise Left from error


def _settle_frame(frame: Frame, job: CaptureJob, until: float) -> None:
    try:
        until = min(until, time.monotonic() + 1)
        reacts = job.load_lazy and ask(frame, _call({"show": True}, until))["reacts"]
        ask(frame, _call({"loadLazy": job.load_lazy, "walked": 0, "reacts": reacts}, until))
    except PlaywrightError as error:
        if is_lost(frame.page, error):
            raise crash(error) from error
        # Frames come and go; one that is gone needs no rest.


def _call(options: dict[str, Any], until: float) -> str:
    budget_ms = max(0, round((until - time.monotonic()) * 1000))
    return f"() => {{ {BEFORE_PAGE}; return (async {_SCRIPT})({json.dumps({**options, 'budgetMs': budget_ms})}); }}"
