"""A web site on loopback whose pages a test sets and changes."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


class Site:
    """``site.pages["/"] = "<h1>Hello"`` is served at once; a status other than 200 goes into ``site.statuses``."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": "<!doctype html><title>Home</title><h1>Home</h1><p>Welcome.</p>"}
        self.statuses: dict[str, int] = {}
        self.delays: dict[str, float] = {}
        """Seconds before a path is answered."""
        self.requests: list[str] = []
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, site: Site) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        site, path = self.server.site, urlsplit(self.path).path
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
