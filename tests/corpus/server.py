"""Serves the corpus on loopback."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.corpus import files
from tests.corpus.pages import MOVING_DRAWING, RANDOM, STILL, section


class Corpus:
    """``/page/<name>`` and what the pages need; ``?ms=60`` delays an answer."""

    def __init__(self, film: bytes) -> None:
        self.film = film
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/page/{name}"

    def answer(self, path: str) -> tuple[str, bytes] | None:
        kind, _, name = path.lstrip("/").partition("/")
        if kind == "page":
            return "text/html; charset=utf-8", {**STILL, **RANDOM}[name].encode()
        if kind == "part":
            return "text/html; charset=utf-8", section(int(name) + 1).encode()
        if kind == "photo":
            return "image/png", files.photo(int(name))
        if kind == "moving":
            return (
                ("image/svg+xml", MOVING_DRAWING.encode())
                if name == "SVG"
                else (f"image/{name.lower()}", files.moving(name))
            )
        if kind == "font":
            return "font/ttf", files.font()
        return ("video/webm", self.film) if kind == "film" else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of an answer is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        time.sleep(int(parse_qs(address.query).get("ms", ["0"])[0]) / 1000)
        media_type, body = self.server.corpus.answer(address.path) or ("text/plain", b"Not here")
        self.send_response(404 if body == b"Not here" else 200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
