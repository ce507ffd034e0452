"""Serves the corpus on loopback."""

import time
from http.server import BaseHTTPRequestHandler
from typing import cast
from urllib.parse import parse_qs, urlsplit

from tests.corpus import files
from tests.corpus.pages import MOVING_DRAWING, RANDOM, STILL, section
from tests.support.loopback import Loopback, SiteServer


class Corpus(Loopback):
    """``/page/<name>`` and what the pages need; ``?ms=60`` delays an answer."""

    def __init__(self, film: bytes) -> None:
        self.film = film
        super().__init__(_Handler)

    def page(self, name: str) -> str:
        return f"{self.url}/page/{name}"

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


class _Handler(BaseHTTPRequestHandler):
    @property
    def site(self) -> Corpus:
        return cast(Corpus, cast(SiteServer, self.server).site)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        time.sleep(int(parse_qs(address.query).get("ms", ["0"])[0]) / 1000)
        media_type, body = self.site.answer(address.path) or ("text/plain", b"Not here")
        self.send_response(404 if body == b"Not here" else 200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
