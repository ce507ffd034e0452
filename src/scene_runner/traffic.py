"""Which requests of a page are on their way."""

import time
from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Page, Request, Response

from scene_runner.failure import NETWORK_CHANGED
from scene_runner.untraced import pause
from scene_runner.watchdog import Leash

# These stay open or say nothing about how the page looks.
_ENDLESS = {"eventsource", "websocket", "media", "ping", "beacon", "cspreport", "cspviolationreport"}
_DRAWN = {"image", "font", "stylesheet"}
_URLS_KEPT = 50
_GENTLE_SECONDS = 1.0
"""How much sooner than by the watchdog a page that leaves is given up where nothing has been asked of it."""


def no_answer(url: str, seconds: float) -> str:
    return f"The page left for {url[:200]}, which did not answer within {seconds:g} s."


class Traffic:
    def __init__(self, page: Page, leash: Leash, within_seconds: float) -> None:
        """leash: ends what waits for the page, which is all in vain once it has left and is not answered in time."""
        self._page = page
        self._leash = leash
        self._within_seconds = within_seconds
        self._in_flight: dict[Request, str] = {}
        self._leaving: dict[Request, Frame] = {}
        """Requests for documents that nobody has answered yet, and the frames that they are for."""
        self._left_behind: set[Request] = set()
        """What was on its way to a document that the page has left."""
        self._failed: dict[str, None] = {}
        self.network_changed = False
        """Whether this machine's network has changed, which Chromium breaks off for what is on its way."""
        self._last_change = time.monotonic()
        self.navigation: Request | None = None
        """The latest request for the page's own document."""
        self.asked_at = 0.0
        """When it was made, as a monotonic time."""
        self.loaded: Request | None = None
        """The one whose document has been waited for."""
        self.shown: Request | None = None
        """The one whose document took the place of another last."""
        self.http_status: int | None = None
        """What that request was answered with, once somebody has asked."""
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_failed)
        page.on("framenavigated", self._on_navigated)

    def _on_request(self, request: Request) -> None:
        if request.resource_type in _ENDLESS:
            return
        self._last_change = time.monotonic()
        self._in_flight[request] = request.url
        if request.resource_type == "document" and request.is_navigation_request():
            with suppress(PlaywrightError):  # the frame of a request may be gone already
                self._leaving[request] = request.frame
                if request.frame == self._page.main_frame:
                    self.navigation, self.asked_at = request, self._last_change
                    self._left_behind = set(self._in_flight) - {request}
                    self._failed.clear()
                    self.network_changed = False
                    if self.loaded is not None:
                        seconds = self._within_seconds
                        self._leash.hold(seconds + _GENTLE_SECONDS, no_answer(request.url, seconds))

    @property
    def leaves(self) -> bool:
        """Whether the page has asked for another document, which nobody has waited for yet."""
        return self.navigation is not self.loaded

    @property
    def unanswered(self) -> bool:
        """Whether the page has asked for another document and has no answer yet."""
        return self.navigation in self._leaving

    def answers(self, frame: Frame) -> bool:
        """Whether a frame can be asked anything: Chromium lets nobody speak to one that is leaving."""
        return frame not in self._leaving.values()

    def _on_navigated(self, frame: Frame) -> None:
        if frame == self._page.main_frame and not self.unanswered:
            self.shown = self.navigation

    def _answered(self, request: Request) -> None:
        self._leaving.pop(request, None)
        if request is self.navigation:
            self._leash.let_go()
            for each in self._left_behind:  # of some of them nothing is heard any more
                self._in_flight.pop(each, None)

    def _on_response(self, response: Response) -> None:
        """An error page in place of a font or a style is none, which only Chromium calls a failure, and of fonts."""
        request = response.request
        self._answered(request)
        if response.status >= 400 and request.resource_type in ("font", "stylesheet"):
            self._failed[request.url] = None

    def _on_finished(self, request: Request) -> None:
        self._answered(request)
        if self._in_flight.pop(request, None):
            self._last_change = time.monotonic()

    def _on_failed(self, request: Request) -> None:
        self._answered(request)
        if (url := self._in_flight.pop(request, None)) and self._is_missed(request):
            self._failed[url] = None
        if url and request not in self._left_behind and NETWORK_CHANGED in (request.failure or ""):
            self.network_changed = True
        self._last_change = time.monotonic()

    def _is_missed(self, request: Request) -> bool:
        return request.resource_type in _DRAWN and request not in self._left_behind

    def wait_until_quiet(self, quiet_ms: int, until: float) -> None:
        """Wait until nothing has been in flight for ``quiet_ms``, at most until the monotonic time given.

        Ends at once when the page leaves.
        """
        while quiet_ms and not self.leaves and (now := time.monotonic()) < until:
            if self._in_flight:
                wait = 0.02
            else:
                wait = self._last_change + quiet_ms / 1000 - now
                if wait <= 0:
                    break
            pause(self._page, min(wait, until - now) * 1000)

    def changed_since(self, moment: float) -> bool:
        """Whether a request began or ended since the monotonic time given."""
        return self._last_change > moment

    def unloaded(self) -> list[str]:
        """URLs of images, fonts and styles that failed or are still on their way."""
        pending = {url: None for request, url in self._in_flight.items() if request.resource_type in _DRAWN}
        return [url for url in {**self._failed, **pending} if not url.startswith("data:")][:_URLS_KEPT]
