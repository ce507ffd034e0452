"""HTTP for requests that the server itself makes: no redirects, no proxies, only vetted addresses, bounded in time."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import httpcore2
import httpx2

from scene.outbound.gate import Gate

_ERRORS: Final[tuple[tuple[type[Exception], type[httpx2.TransportError]], ...]] = (
    (httpcore2.ConnectTimeout, httpx2.ConnectTimeout),
    (httpcore2.WriteTimeout, httpx2.WriteTimeout),
    (httpcore2.TimeoutException, httpx2.ReadTimeout),
    (httpcore2.ConnectError, httpx2.ConnectError),
    (httpcore2.WriteError, httpx2.WriteError),
    (httpcore2.NetworkError, httpx2.ReadError),
    (httpcore2.RemoteProtocolError, httpx2.RemoteProtocolError),
    (httpcore2.ProtocolError, httpx2.LocalProtocolError),
)


def guarded_client(gate: Gate, *, seconds: float) -> httpx2.Client:
    """seconds: for a whole request, from resolving the name to the last byte that is read.

    Requests raise AddressRefused where the gate refuses, besides what httpx2 raises. A client is one thread's: its
    deadline is that of the request in hand.
    """
    return httpx2.Client(transport=_GuardedTransport(gate, seconds), timeout=None, trust_env=False)


@cache
def _tls() -> ssl.SSLContext:
    """Reading a machine's certificates takes longer than many a request."""
    return httpx2.create_ssl_context()


class _Deadline:
    """When the request in hand has to be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = 0.0

    def begin(self) -> None:
        self._at = time.monotonic() + self._seconds

    def left(self, error: type[Exception]) -> float:
        """Seconds, more than 0. Raises the error when there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise error(f"no answer within {self._seconds:g} s")
        return seconds


class _GuardedTransport(httpx2.BaseTransport):
    def __init__(self, gate: Gate, seconds: float) -> None:
        self._deadline = _Deadline(seconds)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            keepalive_expiry=5,
            network_backend=_VettedNetwork(gate, self._deadline),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)
        self._deadline.begin()
        url = request.url
        with _translated():
            response = self._pool.handle_request(
                httpcore2.Request(
                    method=request.method,
                    url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        assert isinstance(response.stream, Iterable)
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._response.iter_stream()

    def close(self) -> None:
        with _translated():
            self._response.close()


class _VettedNetwork(httpcore2.NetworkBackend):
    """Dials the very addresses that the gate has seen."""

    def __init__(self, gate: Gate, deadline: _Deadline) -> None:
        self._gate = gate
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is what counts
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._gate.addresses(host, self._resolve(host, port))
        problem: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            left = self._deadline.left(httpcore2.ConnectTimeout)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(address, port, left, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream, self._deadline)
        raise problem

    def _resolve(self, host: str, port: int) -> list[str]:
        """The system's resolver knows no time-out: it is left alone when it takes too long."""
        answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                answers.put(error)
            else:
                answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            answer = answers.get(timeout=self._deadline.left(httpcore2.ConnectTimeout))
        except queue.Empty:
            raise httpcore2.ConnectTimeout(f"{host} could not be resolved in time") from None
        if isinstance(answer, Exception):
            raise httpcore2.ConnectError(f"{host} cannot be resolved") from answer
        return answer


class _TimedStream(httpcore2.NetworkStream):
    """Whatever the steps take: together they end by the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, self._deadline.left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._deadline.left(httpcore2.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left(httpcore2.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the network as httpx2's own."""
    try:
        yield
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        translated = next(ours for theirs, ours in _ERRORS if isinstance(error, theirs))
        raise translated(str(error)) from error
