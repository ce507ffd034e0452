"""What becomes of a page's requests on their way out: they get headers, or are blocked."""

from collections import Counter
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Route
from playwright.sync_api import Error as PlaywrightError

from scene_runner.protocol import CaptureJob, Intervention
from scene_runner.rules import Rules

_NAMED = 100
_NO_DOCUMENT = 204


class Gate:
    """What a job's requests pass through. Its headers go to the origin of its URL, and to nobody else."""

    def __init__(self, job: CaptureJob) -> None:
        address = urlsplit(job.url)
        self._origin = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
        self._headers = job.headers
        self._rules = Rules(job)
        self._blocked: Counter[tuple[str, str]] = Counter()
        self._session: CDPSession | None = None
        self._main_frame = ""
        self.refused = ""
        """Why the page's own document was blocked, if it was."""
        self.refused_url = ""

    def open(self, browser: Browser, context: BrowserContext, cdp: CDPSession | None) -> None:
        """Let the requests of the context's pages pass through."""
        if self._rules.any:
            # A socket with a handler never reaches its server. To close it here would wait for ourselves.
            context.route_web_socket(self._forbids, lambda socket: self._note(socket.url, main_document=False))
        if cdp is not None:
            self._open_chromium(browser, cdp)
            return
        if self._headers:
            context.route(f"{self._origin}/**", self._fulfil_with_headers)
        if self._rules.any:  # the route that was made last is asked first
            context.route(self._forbids, self._block_route)

    def close(self) -> None:
        if self._session is not None:
            with suppress(PlaywrightError):  # it went with its browser
                self._session.detach()

    def lets_through(self, url: str) -> bool:
        return self._rules.against(url) is None

    def blocked(self) -> list[Intervention]:
        """What was blocked, without queries: those are of no interest, and may be secret."""
        named = self._blocked.most_common(_NAMED)
        return [Intervention("blocked", what, rule, count) for (what, rule), count in named]

    def summary(self) -> str:
        """What was blocked, by host, as a remark; empty when nothing was."""
        hosts: Counter[str] = Counter()
        for (url, _), count in self._blocked.items():
            hosts[urlsplit(url).netloc] += count
        named = ", ".join(f"{host} ({count})" for host, count in hosts.most_common(10))
        more = f" and {len(hosts) - 10} more" if len(hosts) > 10 else ""
        return f"requests blocked: {named}{more}" if hosts else ""

    def _forbids(self, url: str) -> bool:
        return not self.lets_through(url)

    def _note(self, url: str, *, main_document: bool) -> bool:
        """Whether a rule forbids the request. Then it is written down."""
        rule = self._rules.against(url)
        if rule is None:
            return False
        self._blocked[url.partition("?")[0][:500], rule] += 1
        if main_document:
            self.refused_url = url[:200]
            self.refused = f"the project's {rule} forbids it" if rule != "allowed_hosts" else _NOT_ALLOWED
        return True

    def _open_chromium(self, browser: Browser, cdp: CDPSession) -> None:
        patterns = list(self._rules.url_patterns())
        if self._headers:
            patterns.append(f"{self._origin}/*")
        if not patterns:
            return
        # The whole browser's requests, of frames in other processes, workers and redirects too. Unlike context.route
        # this keeps the cache and sees redirects, and the headers it adds end there.
        self._session = session = browser.new_browser_cdp_session()
        self._main_frame = cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        session.on("Fetch.requestPaused", lambda paused: self._pass(session, paused))
        session.send("Fetch.enable", {"patterns": [{"urlPattern": pattern} for pattern in patterns]})

    def _pass(self, session: CDPSession, paused: dict[str, Any]) -> None:
        request, answer = paused["request"], {"requestId": paused["requestId"]}
        document = paused.get("resourceType") == "Document"
        main_document = document and paused.get("frameId") == self._main_frame
        with suppress(PlaywrightError):  # the request or the page is gone
            if self._note(request["url"], main_document=main_document):
                if document and not main_document:
                    # A frame stays empty. Failing it would show the browser's own page of errors there.
                    session.send("Fetch.fulfillRequest", {**answer, "responseCode": _NO_DOCUMENT})
                else:
                    session.send("Fetch.failRequest", {**answer, "errorReason": "BlockedByClient"})
            elif self._headers and request["url"].startswith(f"{self._origin}/"):
                headers = _merged(request["headers"], self._headers)
                listed = [{"name": name, "value": value} for name, value in headers.items()]
                session.send("Fetch.continueRequest", {**answer, "headers": listed})
            else:
                session.send("Fetch.continueRequest", answer)

    def _block_route(self, route: Route) -> None:
        request = route.request
        with suppress(PlaywrightError):
            main_document = request.is_navigation_request() and request.frame.parent_frame is None
            self._note(request.url, main_document=main_document)
            if request.is_navigation_request() and not main_document:
                route.fulfill(status=_NO_DOCUMENT)
            else:
                route.abort("blockedbyclient")

    def _fulfil_with_headers(self, route: Route) -> None:
        """route.continue_ would carry the headers along redirects to other origins, so we fetch one hop ourselves."""
        with suppress(PlaywrightError):
            headers = _merged(route.request.headers, self._headers)
            route.fulfill(response=route.fetch(headers=headers, max_redirects=0))


_NOT_ALLOWED = "it is not among the project's allowed_hosts"


def _merged(given: dict[str, str], ours: dict[str, str]) -> dict[str, str]:
    names = {name.lower() for name in ours}
    return {name: value for name, value in given.items() if name.lower() not in names} | ours
