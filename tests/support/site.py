"""A web site, by default on loopback, whose pages a test sets and changes."""

import time
from http.server import BaseHTTPRequestHandler
from typing import cast
from urllib.parse import urlsplit

from tests.support.loopback import Loopback, SiteServer


class Site(Loopback):
    """``site.pages["/"] = "<h1>Hello"`` is served at once; a status other than 200 goes into ``site.statuses``."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, str] = {"/": "<!doctype html><title>Home</title><h1>Home</h1><p>Welcome.</p>"}
        self.statuses: dict[str, int] = {}
        self.delays: dict[str, float] = {}
        """Seconds before a path is answered."""
        self.requests: list[str] = []
        super().__init__(_Handler, address)


class _Handler(BaseHTTPRequestHandler):
    @property
    def site(self) -> Site:
        return cast(Site, cast(SiteServer, self.server).site)

    def do_GET(self) -> None:
        site, path = self.site, urlsplit(self.path).path
        site.requests.append(path)
        time.sleep(site.delays.get(path, 0))
        body = site.pages.get(path, "Not here").encode()
        self.send_response(site.statuses.get(path, 200 if path in site.pages else 404))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
