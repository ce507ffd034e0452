"""A fresh browser context for one job."""

from contextlib import suppress
from dataclasses import dataclass, replace

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page
from playwright.sync_api import Error as PlaywrightError

from scene_runner.auth import add_cookies, auth_options
from scene_runner.before_page import BEFORE_PAGE
from scene_runner.browser import Engine
from scene_runner.dismiss import Dismissing
from scene_runner.emulation import context_options, open_session
from scene_runner.evidence import Evidence
from scene_runner.network import Gate
from scene_runner.protocol import CaptureJob, Intervention
from scene_runner.report import JobReport
from scene_runner.steady import hold_steady
from scene_runner.traffic import Traffic
from scene_runner.watchdog import Leash


@dataclass(frozen=True)
class OpenPage:
    """One job's page. ``cdp`` is there with Chromium only."""

    context: BrowserContext
    page: Page
    cdp: CDPSession | None
    traffic: Traffic
    gate: Gate
    dismissing: Dismissing
    console: list[str]
    """What the page has logged, as far as the log is kept."""

    def interventions(self, *, of_reference: bool) -> list[Intervention]:
        done = [*self.dismissing.interventions(), *self.gate.blocked()]
        return [replace(each, of_reference=of_reference) for each in done]

    def close(self) -> None:
        self.gate.close()
        with suppress(PlaywrightError):  # it went with its browser
            self.context.close()


def open_page(
    engine: Engine, job: CaptureJob, report: JobReport, evidence: Evidence, prefix: str, leash: Leash
) -> OpenPage:
    """``prefix`` begins the names of the files that are recorded of this page."""
    options = context_options(engine, job) | auth_options(job) | evidence.context_options(prefix)
    context = engine.browser().new_context(**options)
    evidence.begin(context)
    add_cookies(context, job)
    context.add_init_script(BEFORE_PAGE)
    page = context.new_page()
    evidence.follow(page)
    # Dialogs need no handler: Playwright dismisses them when nobody listens.
    page.on("popup", _close_popup)
    console = _listen_to_console(page, report)
    cdp = open_session(engine, context, page, job) if engine.chromium else None
    hold_steady(context, job)
    gate = Gate(job)
    gate.open(engine.browser(), page, cdp)
    traffic = Traffic(page, leash, job.navigation_timeout_ms / 1000)
    return OpenPage(context, page, cdp, traffic, gate, Dismissing(page, job.dismissals), console)


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
