"""How a container and the server share one stream in each direction: lines, files and connections, in frames.

A frame is a head of nine bytes (kind, channel, length; big-endian) and a payload. Lines and files are on channel 0;
connections have channels of their own, numbered by the container.
"""

import struct
import threading
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Protocol

MAX_PAYLOAD = 64 * 1024 * 1024
CHUNK = 64 * 1024
_HEAD = struct.Struct(">BII")


class Kind(IntEnum):
    LINE = 1
    """One JSON line of the protocol, without its newline."""
    FILE = 2
    """A part of a file of the job's folder: its name, a zero byte, and the bytes that follow those sent before."""
    OPEN = 3
    """The container has taken a connection."""
    DATA = 4
    CREDIT = 5
    """So many bytes of a channel have been passed on: that many more may be sent."""
    END = 6
    """One side of a connection will send no more."""
    RESET = 7
    """A connection is no more."""


class NoFrame(Exception):
    """What came is not a frame."""


Send = Callable[[Kind, int, bytes], None]


class Sink(Protocol):
    def write(self, data: bytes, /) -> object:
        """Write all of it, or raise OSError."""
        ...


class FrameWriter:
    """Thread-safe."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lock = threading.Lock()

    def send(self, kind: Kind, channel: int, payload: bytes = b"") -> None:
        """Blocks while the stream is full. Raises OSError when it is broken."""
        with self._lock:
            self._sink.write(_HEAD.pack(kind, channel, len(payload)) + payload)


class FrameDecoder:
    """Cuts a stream into frames, whatever pieces it comes in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, int, bytes]]:
        """The frames that are complete now. Raises NoFrame, after which the stream is of no use."""
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            number, channel, length = _HEAD.unpack_from(self._buffer)
            if length > MAX_PAYLOAD:
                raise NoFrame(f"a frame of {length} bytes")
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEAD.size : end])
            del self._buffer[:end]
            try:
                yield Kind(number), channel, payload
            except ValueError as error:
                raise NoFrame(f"a frame of kind {number}") from error
