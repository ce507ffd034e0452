"""An endpoint of a webhook on loopback that answers as a test tells it, and remembers what it got."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import cast

from tests.support.loopback import Loopback, SiteServer


@dataclass(frozen=True)
class Received:
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def delivery(self) -> str:
        return self.headers["x-scene-delivery"]

    @property
    def attempt(self) -> int:
        return int(self.headers["x-scene-attempt"])


@dataclass(frozen=True)
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    hangs: bool = False
    """Says nothing until the receiver is closed."""
    drips: bool = False
    """Sends its body a byte at a time, for ever."""


class Receiver(Loopback):
    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: deque[Answer] = deque()
        """For the next requests, one each; then ``otherwise``."""
        self.otherwise = Answer()
        self.closing = threading.Event()
        super().__init__(_Handler)

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        super().__exit__(*error)

    def wait_for(self, count: int, seconds: float = 60) -> list[Received]:
        """The first so many requests."""
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"only {len(self.received)} of {count} requests came"
            time.sleep(0.02)
        return self.received[:count]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def receiver(self) -> Receiver:
        return cast(Receiver, cast(SiteServer, self.server).site)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = self.receiver
        receiver.received.append(Received({name.lower(): value for name, value in self.headers.items()}, body))
        answer = receiver.answers.popleft() if receiver.answers else receiver.otherwise
        if answer.hangs:
            receiver.closing.wait()
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        length = 1_000_000 if answer.drips else len(answer.body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        while answer.drips and not receiver.closing.wait(0.02):
            self.wfile.write(b".")
            self.wfile.flush()
        if not answer.drips:
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass
