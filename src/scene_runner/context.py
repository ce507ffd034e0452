"""A fresh browser context for one job."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page, Route
from playwright.sync_api import Error as PlaywrightError

from scene_runner.browser import Engine
from scene_runner.protocol import CaptureJob
from scene_runner.report import JobReport
from scene_runner.traffic import Traffic


@dataclass(frozen=True)
class OpenPage:
    """One job's page. ``cdp`` is there with Chromium only."""

    context: BrowserContext
    page: Page
    cdp: CDPSession | None
    traffic: Traffic
    console: list[str]
    """What the page has logged, as far as the log is kept."""

    def close(self) -> None:
        with suppress(PlaywrightError):  # it went with its browser
            self.context.close()


# Playwright gives the headless shell the font families of a headed Chrome, and the first capture beyond the viewport
# takes them back: pages with monospaced text would change their layout while their picture is taken. So the shell's
# own defaults are set from the start. They are those of Blink's WebPreferences.
_SHELL_FONTS = {
    "standard": "Times New Roman",
    "serif": "Times New Roman",
    "sansSerif": "Arial",
    "fixed": "Menlo" if sys.platform == "darwin" else "Courier New",
    "cursive": "Script",
    "fantasy": "Impact",
}


def open_page(engine: Engine, job: CaptureJob, report: JobReport) -> OpenPage:
    browser = engine.browser()
    options: dict[str, Any] = {
        "viewport": {"width": job.viewport_width, "height": job.viewport_height},
        "device_scale_factor": job.device_scale_factor,
        "ignore_https_errors": job.ignore_https_errors,
        "accept_downloads": False,
    }
    if job.mobile:
        options["has_touch"] = True
        if browser.browser_type.name != "firefox":  # Firefox refuses the option
            options["is_mobile"] = True
    context = browser.new_context(**options)
    page = context.new_page()
    # Dialogs need no handler: Playwright dismisses them when nobody listens.
    page.on("popup", _close_popup)
    console = _listen_to_console(page, report)
    cdp = _open_session(engine, context, page, job) if engine.chromium else None
    if job.headers:
        _send_headers(context, cdp, job)
    return OpenPage(context, page, cdp, Traffic(page), console)


def _open_session(engine: Engine, context: BrowserContext, page: Page, job: CaptureJob) -> CDPSession:
    """A session of our own, which knows everything about the page that a capture would otherwise take back."""
    cdp = context.new_cdp_session(page)
    # A capture ends by restoring what its own session emulates. Nothing, were it not for this: the page would lose
    # the scale factor and the mobile viewport that Playwright's session gave it, and change while it is captured.
    landscape = {"type": "landscapePrimary", "angle": 90 if job.mobile else 0}
    portrait = {"type": "portraitPrimary", "angle": 0}
    upright = job.mobile and job.viewport_width <= job.viewport_height
    cdp.send(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": job.viewport_width,
            "height": job.viewport_height,
            "screenWidth": job.viewport_width,
            "screenHeight": job.viewport_height,
            "deviceScaleFactor": job.device_scale_factor,
            "mobile": job.mobile,
            "screenOrientation": portrait if upright else landscape,
        },
    )
    if engine.headless_shell:
        cdp.send("Page.setFontFamilies", {"fontFamilies": _SHELL_FONTS})
    return cdp


def _close_popup(popup: Page) -> None:
    with suppress(PlaywrightError):
        popup.close()


def _listen_to_console(page: Page, report: JobReport) -> list[str]:
    said: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        place = message.location
        said.append(message.text)
        report.console(message.type, message.text, f"{place['url']}:{place['lineNumber']}")
        if report.console_full:
            # A script that logs without end must not drown the runner in events.
            with suppress(KeyError):
                page.remove_listener("console", on_console)

    page.on("console", on_console)
    page.on("pageerror", lambda error: report.console("error", f"Uncaught {error}"))
    return said


def _send_headers(context: BrowserContext, cdp: CDPSession | None, job: CaptureJob) -> None:
    """Send the job's headers to the origin of its URL, and to nobody else: they are often credentials."""
    address = urlsplit(job.url)
    origin = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
    if cdp is None:
        context.route(f"{origin}/**", lambda route: _fulfil_with(route, job.headers))
        return

    def on_paused(paused: dict[str, Any]) -> None:
        request = paused["request"]
        names = {name.lower() for name in job.headers}
        kept = {name: value for name, value in request["headers"].items() if name.lower() not in names}
        headers = [{"name": name, "value": value} for name, value in {**kept, **job.headers}.items()]
        with suppress(PlaywrightError):  # the request or the page is gone
            cdp.send("Fetch.continueRequest", {"requestId": paused["requestId"], "headers": headers})

    # Unlike page.route this keeps the cache, sees only this origin, and its headers end at a redirect.
    cdp.on("Fetch.requestPaused", on_paused)
    cdp.send("Fetch.enable", {"patterns": [{"urlPattern": f"{origin}/*"}]})


def _fulfil_with(route: Route, headers: dict[str, str]) -> None:
    """route.continue_ would carry the headers along redirects to other origins, so we fetch one hop ourselves."""
    with suppress(PlaywrightError):
        route.fulfill(response=route.fetch(headers={**route.request.headers, **headers}, max_redirects=0))
