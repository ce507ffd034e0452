"""The sample site on a port of its own, on this machine only."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from scene.demo.mutations import mutate
from scene.demo.pictures import picture
from scene.demo.site import FILES, FONT_PATH, PICTURE_FOLDER, page_at, read_file, render

Version = Literal[1, 2]


class SampleSite:
    """Serves version 1, or version 2 from the moment `version` is set to 2, until `close`.

    `font` is a woff2 file for the headings; without one the pages use a font of the system.
    """

    def __init__(self, port: int = 0, font: Path | None = None) -> None:
        self.version: Version = 1  # one reference, set and read whole: requests see the old or the new one
        self._font = font.read_bytes() if font else None
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, name="sample-site", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the site is, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Media type and body of what is at `path` now, None where there is nothing."""
        page = page_at(path)
        if page is not None:
            html = render(page, with_font=self._font is not None)
            if self.version == 2:
                html = mutate(page.slug, html)
            return "text/html; charset=utf-8", html.encode()
        if path in FILES:
            return FILES[path], read_file(path)
        if path == FONT_PATH and self._font is not None:
            return "font/woff2", self._font
        if path.startswith(PICTURE_FOLDER) and path.endswith(".png"):
            body = picture(path.removeprefix(PICTURE_FOLDER).removesuffix(".png"))
            return ("image/png", body) if body is not None else None
        return None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser's idle connection must not hold up `close`

    def __init__(self, port: int, site: SampleSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds that an idle connection may hold a thread

    def do_GET(self) -> None:
        found = self.server.site.answer(urlsplit(self.path).path)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        media_type, body = found
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")  # the same address shows the other version after a switch
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - named by the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        pass
