"""Which requests a page made, and how they were answered: one line for each, headers and bodies left out."""

import time

from playwright.sync_api import Page, Request, Response

from scene_runner.report import JobReport

_URL = 2_000


class NetworkLog:
    """Written when a request has ended; what is still on its way at the end is written as such."""

    def __init__(self, page: Page, report: JobReport) -> None:
        self._report = report
        self._page = page
        self._started: dict[Request, tuple[float, float]] = {}
        self._status: dict[Request, int] = {}
        self._listeners = {
            "request": self._on_request,
            "response": self._on_response,
            "requestfinished": self._on_finished,
            "requestfailed": self._on_failed,
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]

    def end(self) -> None:
        for event, listener in self._listeners.items():
            self._page.remove_listener(event, listener)
        for request in list(self._started):
            self._write(request, "still on its way at the end")

    def _on_request(self, request: Request) -> None:
        self._started[request] = self._report.elapsed_ms, time.perf_counter()

    def _on_response(self, response: Response) -> None:
        self._status[response.request] = response.status

    def _on_finished(self, request: Request) -> None:
        self._write(request, None)

    def _on_failed(self, request: Request) -> None:
        self._write(request, request.failure or "failed")

    def _write(self, request: Request, problem: str | None) -> None:
        at_ms, started = self._started.pop(request, (None, None))
        if started is None:
            return
        entry = {
            "at_ms": at_ms,
            "type": request.resource_type,
            "method": request.method,
            "url": request.url[:_URL] if not request.url.startswith("data:") else "data:",
            "status": self._status.pop(request, None),
            "took_ms": round((time.perf_counter() - started) * 1000, 1),
            "problem": problem,
        }
        self._report.network({name: value for name, value in entry.items() if value is not None})
