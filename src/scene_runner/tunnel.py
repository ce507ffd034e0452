"""Connections through a stream of frames, each with flow control of its own: one that is slow holds up no other.

Both ends are the same: a socket here, a socket there, and at most a window of bytes of each direction on the way.
"""

import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from scene_runner.frames import CHUNK, Kind, Send

WINDOW = 256 * 1024
_CREDIT_AT = WINDOW // 4


@dataclass(eq=False)
class _Connection:
    channel: int
    socket: socket.socket
    credit: int = WINDOW
    """How many bytes may still be sent to the other end."""
    out: bytearray = field(default_factory=bytearray)
    """What has come from the other end and not yet gone into the socket."""
    owed: int = 0
    """Bytes that went into the socket since the other end was last given credit."""
    read_all: bool = False
    told_all: bool = False
    """The other end sends no more."""
    shut: bool = False
    watched: int = 0


class Tunnel:
    """One thread moves the bytes of every connection; ``feed`` is called by whoever reads the frames."""

    def __init__(self, send: Send) -> None:
        """``send`` may block, and raises OSError when the stream is broken: then nothing more is moved."""
        self._send = send
        self._connections: dict[int, _Connection] = {}
        self._tasks: deque[Callable[[], None]] = deque()
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = socket.socketpair()
        for end in (self._wake_read, self._wake_write):
            end.setblocking(False)
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._closed = False
        self._thread = threading.Thread(target=self._move, name="tunnel", daemon=True)
        self._thread.start()

    def add(self, channel: int, connected: socket.socket) -> None:
        """From now on the socket is the tunnel's, and is closed by it."""
        if self._closed:
            connected.close()
            return
        connected.setblocking(False)
        self._do(lambda: self._begin(_Connection(channel, connected)))

    def feed(self, kind: Kind, channel: int, payload: bytes) -> None:
        """A frame of the other end about one of the connections; about others nothing happens."""
        self._do(lambda: self._take(kind, channel, payload))

    def close(self) -> None:
        """Close every connection; returns at once."""
        self._closed = True
        self._do(lambda: None)

    def join(self) -> None:
        """Wait until everything is closed."""
        self._thread.join()

    def _do(self, task: Callable[[], None]) -> None:
        self._tasks.append(task)
        with suppress(OSError):  # full: it is awake anyway; closed: nothing matters any more
            self._wake_write.send(b"\0")

    def _move(self) -> None:
        try:
            while not self._closed:
                for key, events in self._selector.select():
                    if key.fileobj is self._wake_read:
                        self._carry_out_tasks()
                    else:
                        self._serve(key.data, events)
        except OSError:
            pass  # the stream is broken, and whoever reads it finds out too
        finally:
            self._closed = True
            with suppress(OSError):  # connections that were added last
                self._carry_out_tasks()
            for connection in self._connections.values():
                connection.socket.close()
            self._selector.close()
            self._wake_read.close()
            self._wake_write.close()

    def _carry_out_tasks(self) -> None:
        with suppress(BlockingIOError):
            while self._wake_read.recv(4_096):
                pass
        while self._tasks:
            self._tasks.popleft()()

    def _begin(self, connection: _Connection) -> None:
        self._connections[connection.channel] = connection
        self._watch(connection)

    def _take(self, kind: Kind, channel: int, payload: bytes) -> None:
        connection = self._connections.get(channel)
        if connection is None:
            return
        if kind is Kind.DATA:
            connection.out += payload
            if len(connection.out) > 2 * WINDOW:  # it does not keep to its window
                self._reset(connection)
                return
            self._write(connection)
        elif kind is Kind.CREDIT:
            connection.credit += int.from_bytes(payload, "big")
        elif kind is Kind.END:
            connection.told_all = True
            self._write(connection)
        elif kind is Kind.RESET:
            self._drop(connection)
            return
        self._watch(connection)

    def _serve(self, connection: _Connection, events: int) -> None:
        if events & selectors.EVENT_READ:
            self._read(connection)
        if events & selectors.EVENT_WRITE and connection.channel in self._connections:
            self._write(connection)
        self._watch(connection)

    def _read(self, connection: _Connection) -> None:
        try:
            data = connection.socket.recv(min(CHUNK, connection.credit))
        except BlockingIOError:
            return
        except OSError:
            self._reset(connection)
            return
        if data:
            connection.credit -= len(data)
            self._send(Kind.DATA, connection.channel, data)
        else:
            connection.read_all = True
            self._send(Kind.END, connection.channel, b"")

    def _write(self, connection: _Connection) -> None:
        try:
            while connection.out:
                sent = connection.socket.send(connection.out)
                del connection.out[:sent]
                connection.owed += sent
            if connection.told_all and not connection.shut:
                connection.shut = True
                connection.socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass
        except OSError:
            self._reset(connection)
            return
        if connection.owed >= _CREDIT_AT and not connection.told_all:
            self._send(Kind.CREDIT, connection.channel, connection.owed.to_bytes(4, "big"))
            connection.owed = 0

    def _watch(self, connection: _Connection) -> None:
        """Ask for what the connection can do next; it goes when both ends have said everything."""
        if connection.channel not in self._connections:
            return
        if connection.read_all and connection.shut:
            self._drop(connection)
            return
        wanted = 0
        if not connection.read_all and connection.credit > 0:
            wanted |= selectors.EVENT_READ
        if connection.out:
            wanted |= selectors.EVENT_WRITE
        if wanted == connection.watched:
            return
        if not wanted:
            self._selector.unregister(connection.socket)
        elif not connection.watched:
            self._selector.register(connection.socket, wanted, connection)
        else:
            self._selector.modify(connection.socket, wanted, connection)
        connection.watched = wanted

    def _reset(self, connection: _Connection) -> None:
        self._drop(connection)
        self._send(Kind.RESET, connection.channel, b"")

    def _drop(self, connection: _Connection) -> None:
        if self._connections.pop(connection.channel, None) is None:
            return
        if connection.watched:
            self._selector.unregister(connection.socket)
        connection.socket.close()
