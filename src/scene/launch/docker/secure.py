"""The stream of an engine that is reached by TLS, as a plain socket: one thread may read while another writes."""

import selectors
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 64 * 1024
_MOST = 1024 * 1024
"""Bytes on their way one way, after which no more are taken."""
_WAITS = (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError)


def plain_end(secure: ssl.SSLSocket, close: Callable[[], None]) -> socket.socket:
    """What is written to it goes through ``secure``, and the other way round; closing either end closes both.

    close: lets go of ``secure``, from a thread of its own.
    """
    ours, theirs = socket.socketpair()
    threading.Thread(target=_relay, args=[secure, theirs, close], name="tls-stream", daemon=True).start()
    return ours


def _relay(secure: ssl.SSLSocket, plain: socket.socket, close: Callable[[], None]) -> None:
    secure.setblocking(False)
    plain.setblocking(False)
    outward, inward = bytearray(), bytearray()
    ended = False
    try:
        with selectors.DefaultSelector() as selector:
            while not ended or inward:
                watched = {
                    secure: _events(reads=not ended and len(inward) < _MOST, writes=bool(outward)),
                    plain: _events(reads=len(outward) < _MOST, writes=bool(inward)),
                }
                for each, events in watched.items():
                    selector.register(each, events)
                # What OpenSSL has taken from the socket already shows on no selector.
                selector.select(0 if secure.pending() else None)
                for each in watched:
                    selector.unregister(each)
                if not ended and len(inward) < _MOST:
                    ended = _read(secure, inward)
                if len(outward) < _MOST and _read(plain, outward):
                    return
                _write(secure, outward)
                _write(plain, inward)
    except OSError:
        pass  # one of the two broke off
    finally:
        plain.close()
        with suppress(OSError):
            close()


def _events(*, reads: bool, writes: bool) -> int:
    return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if writes else 0)


def _read(source: socket.socket, buffer: bytearray) -> bool:
    """Whether it has ended."""
    with suppress(*_WAITS):
        data = source.recv(_CHUNK)
        buffer += data
        return not data
    return False


def _write(target: socket.socket, buffer: bytearray) -> None:
    with suppress(*_WAITS):
        if buffer:
            del buffer[: target.send(buffer)]
