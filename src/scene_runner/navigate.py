"""Open the job's page, and say in plain words why not."""

import time
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Request, Response
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from scene_runner.context import OpenPage
from scene_runner.failure import DOWNLOAD, Failed, crash, is_crash, network_words, plain
from scene_runner.protocol import CaptureJob
from scene_runner.traffic import no_answer
from scene_runner.untraced import pause

_LOOK_MS = 20
_SHOWN_SECONDS = 1.0
"""In which a document takes the place of another once the first of it has come."""
_NAVIGATED = ("Execution context was destroyed", "Frame was detached", "Cannot find context")
_HINTS = {
    401: "It asks for credentials: give the page an auth profile that has them.",
    407: "A proxy asks for credentials.",
}


class Left(Exception):
    """The page has left its document, or is about to."""


def is_navigation(error: Exception) -> bool:
    """Whether something could not be done since the page, or a frame, shows another document now."""
    return any(sign in str(error) for sign in _NAVIGATED)


def navigate(open_page: OpenPage, job: CaptureJob, timeout_ms: float) -> None:
    """Raises Failed when the page cannot be opened or answers with an unexpected status."""
    if urlsplit(job.url).scheme not in ("http", "https"):
        raise Failed("navigation", f"{job.url} cannot be opened: only http and https addresses are captured.")
    open_page.traffic.loaded = None
    try:
        response = open_page.page.goto(job.url, wait_until=job.wait_until, timeout=timeout_ms)
    except PlaywrightTimeout as error:
        # Firefox does not always tell that a navigation became a download.
        if _is_download(open_page.traffic.navigation):
            raise Failed("navigation", f"{job.url} could not be opened: {DOWNLOAD}.") from error
        raise Failed("timeout", f"{job.url} was not loaded within {timeout_ms / 1000:g} s.") from error
    except PlaywrightError as error:
        if is_crash(error):
            raise crash(error) from error
        if "ERR_HTTP_RESPONSE_CODE_FAILURE" in str(error):
            check_status(open_page, job)
        problem = open_page.gate.refused or network_words(error) or plain(error)
        raise Failed("navigation", f"{job.url} could not be opened: {problem}.") from error
    open_page.traffic.loaded = response.request if response else open_page.traffic.navigation
    arrive(open_page, job)
    check_status(open_page, job)


def arrive(open_page: OpenPage, job: CaptureJob, *, moved: bool = False) -> bool:
    """Wait for the document that the page itself has asked for, as long as for any; whether there was one.

    moved: the page is known to show another document now. Raises Failed("timeout") when it does not come.
    """
    page, traffic = open_page.page, open_page.traffic
    if not (traffic.leaves or moved):
        return False
    within_seconds = job.navigation_timeout_ms / 1000
    while traffic.unanswered:
        if time.monotonic() - traffic.asked_at > within_seconds:
            raise Failed("timeout", no_answer(_address(open_page), within_seconds))
        pause(page, _LOOK_MS)
    # What is answered with a file, or with nothing, is never shown.
    until = time.monotonic() + _SHOWN_SECONDS
    while traffic.shown is not traffic.navigation and not moved and time.monotonic() < until:
        pause(page, _LOOK_MS)
    traffic.loaded = traffic.navigation
    left_ms = max(_LOOK_MS, (within_seconds - time.monotonic() + traffic.asked_at) * 1000)
    try:
        page.wait_for_load_state(job.wait_until, timeout=left_ms)
    except PlaywrightTimeout as error:
        left_for = f"The page left for {_address(open_page)}"
        raise Failed("timeout", f"{left_for}, which was not loaded within {within_seconds:g} s.") from error
    except PlaywrightError as error:
        raise crash(error) from error
    return True


def _address(open_page: OpenPage) -> str:
    navigation = open_page.traffic.navigation
    return (navigation.url if navigation else open_page.page.url)[:200]


def check_status(open_page: OpenPage, job: CaptureJob) -> None:
    """Note the status of the document on show. Raises Failed("status") when it is not an expected one."""
    response = _latest_response(open_page)
    if response is None:
        return
    status = open_page.traffic.http_status = response.status
    expected = status in job.expected_status if job.expected_status else 200 <= status <= 299
    if not expected:
        wanted = ", ".join(map(str, job.expected_status)) or "200 to 299"
        hint = f" {_HINTS[status]}" if status in _HINTS else ""
        if status == 401 and job.auth.basic is not None:
            hint = " It refused the credentials of the auth profile."
        raise Failed("status", f"{response.url} answered with HTTP status {status}; expected is {wanted}.{hint}")


def check_scheme(open_page: OpenPage) -> None:
    """A page may have navigated itself anywhere since."""
    url = open_page.page.url
    open_page.gate.arrived_at(url)
    if open_page.gate.refused:
        raise Failed("navigation", f"The page left for {open_page.gate.refused_url}: {open_page.gate.refused}.")
    if urlsplit(url).scheme not in ("http", "https"):
        raise Failed("navigation", f"The page left for {url[:200]}, which is not an http or https address.")


def _is_download(navigation: Request | None) -> bool:
    response = navigation.existing_response if navigation else None  # Asking for it would wait for one.
    return response is not None and response.headers.get("content-disposition", "").lower().startswith("attachment")


def _latest_response(open_page: OpenPage) -> Response | None:
    navigation = open_page.traffic.navigation
    try:
        return navigation.response() if navigation else None
    except PlaywrightError:
        return None
