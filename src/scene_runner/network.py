"""What becomes of a page's requests on their way out."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Route
from playwright.sync_api import Error as PlaywrightError

from scene_runner.protocol import CaptureJob


def send_headers(context: BrowserContext, cdp: CDPSession | None, job: CaptureJob) -> None:
    """Send the job's headers to the origin of its URL, and to nobody else: they are often credentials."""
    if not job.headers:
        return
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
