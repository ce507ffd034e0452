"""A TCP proxy before a server, which fails as networks and servers do."""

import socket
import threading
import time
from contextlib import suppress
from enum import StrEnum
from typing import Final

_CUT_AFTER_BYTES: Final = 20_000


class Mood(StrEnum):
    WELL = "well"
    SLOW = "slow"
    HANGING = "hanging"
    """Takes requests and never answers."""
    FAILING = "failing"
    """Answers 500 to everything."""
    CUTTING_REQUESTS = "cutting requests"
    """Closes the connection in the middle of a large request."""
    CUTTING_ANSWERS = "cutting answers"
    GONE = "gone"
    """Nothing listens."""


class Proxy:
    """A context manager. ``mood`` may be changed at any time; connections of the mood before are closed."""

    def __init__(self, port: int) -> None:
        """port: of the server behind, on loopback."""
        self._behind = port
        self._open: set[socket.socket] = set()
        self._mood = Mood.WELL
        self._listener = self._listen(0)
        self.port: Final[int] = self._listener.getsockname()[1]
        self.endpoint: Final = f"http://127.0.0.1:{self.port}"
        self.failing_times: int | None = None
        """How many requests fail before the mood is well again; none: all."""

    @property
    def mood(self) -> Mood:
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        was, self._mood = self._mood, mood
        if mood is Mood.GONE:
            _close(self._listener)
        elif was is Mood.GONE:
            self._listener = self._listen(self.port)
        for connection in list(self._open):
            _close(connection)

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self.mood = Mood.GONE

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=100)
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._open.add(client)
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        mood = self._mood
        if mood is Mood.HANGING:
            return
        if mood is Mood.FAILING:
            self._fail(client)
            return
        if mood is Mood.SLOW:
            time.sleep(0.3)
        with suppress(OSError):
            server = socket.create_connection(("127.0.0.1", self._behind))
            self._open.add(server)
            up = _CUT_AFTER_BYTES if mood is Mood.CUTTING_REQUESTS else None
            down = _CUT_AFTER_BYTES if mood is Mood.CUTTING_ANSWERS else None
            threading.Thread(target=_pump, args=[client, server, up], daemon=True).start()
            _pump(server, client, down)

    def _fail(self, client: socket.socket) -> None:
        with suppress(OSError):
            while client.recv(65_536).find(b"\r\n\r\n") < 0:
                pass
            client.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            _close(client)
        if self.failing_times is not None:
            self.failing_times -= 1
            if self.failing_times == 0:
                self._mood = Mood.WELL


def _pump(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    """Until either side ends, or so many bytes went through."""
    with suppress(OSError):
        while (limit is None or limit > 0) and (data := source.recv(4_096)):
            target.sendall(data)
            limit = limit - len(data) if limit is not None else None
    _close(source)
    _close(target)


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
