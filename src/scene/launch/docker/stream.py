"""The stream that an engine attaches to a container: its stdin one way, its stdout and stderr the other."""

import socket
import struct
from contextlib import suppress

_HEAD = struct.Struct(">BxxxI")
_STDERR = 2
_CHUNK = 256 * 1024


class StreamEnded(Exception):
    """Nothing more will come."""


class AttachedStream:
    """One thread reads; writers take turns by themselves."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._buffer = bytearray()
        self.ended = False

    def write(self, data: bytes) -> None:
        """Raises OSError."""
        self._socket.sendall(data)

    def read(self) -> tuple[bool, bytes]:
        """Whether it is of stderr, and what was written. Raises StreamEnded and OSError."""
        while True:
            if len(self._buffer) >= _HEAD.size:
                stream, length = _HEAD.unpack_from(self._buffer)
                end = _HEAD.size + length
                if len(self._buffer) >= end:
                    data = bytes(self._buffer[_HEAD.size : end])
                    del self._buffer[:end]
                    return stream == _STDERR, data
            more = self._socket.recv(_CHUNK)
            if not more:
                raise StreamEnded
            self._buffer += more

    def close(self) -> None:
        """Ends a read that waits, too."""
        self.ended = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._socket.close()
