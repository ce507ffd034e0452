"""As much of HTTP/1.1 as a proxy needs that lets one request through and then closes."""

from asyncio import IncompleteReadError, StreamReader
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"te", b"upgrade"}
_SHOWN = 300


class BadRequest(Exception):
    """What came is no request that a browser makes of a proxy."""


@dataclass(frozen=True)
class Request:
    method: str
    host: str
    port: int
    tunnel: bool
    path: str
    """Path and query, of a plain request."""
    headers: list[bytes]
    """Lines, without those that concern this connection only."""
    body_bytes: int

    @property
    def shown(self) -> str:
        """For a log: queries are of no interest, and may be secret."""
        place = f"{self.host}:{self.port}"
        return place if self.tunnel else f"http://{place}{self.path.partition('?')[0]}"[:_SHOWN]

    def head(self, *, absolute: bool = False, more: Iterable[bytes] = ()) -> bytes:
        """As it goes to the server. absolute: to a further proxy; more: lines that are for that one."""
        target = f"http://{self.place}{self.path}" if absolute else self.path
        start = f"{self.method} {target} HTTP/1.1".encode("latin-1")
        return b"\r\n".join([start, *self.headers, *more, b"Connection: close", b"", b""])

    @property
    def place(self) -> str:
        """Host and port, as URLs have them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


async def read_request(reader: StreamReader) -> Request | None:
    """None when the connection ends before there is one. Raises BadRequest."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except IncompleteReadError as error:
        if error.partial:
            raise
        return None
    start, *lines = head[:-4].split(b"\r\n")
    try:
        method, target, version = start.decode("latin-1").split(" ")
    except ValueError as error:
        raise BadRequest("the first line is none of HTTP") from error
    if not version.startswith("HTTP/1."):
        raise BadRequest(f"{version} is not spoken here")
    kept = [line for line in lines if _name(line) not in _HOP_BY_HOP]
    try:
        if method == "CONNECT":
            address = urlsplit(f"//{target}")
            return Request(method, _host(address.hostname), address.port or 443, True, "", [], 0)
        address = urlsplit(target)
        if address.scheme != "http":
            raise BadRequest("only http is passed on as it is")
        path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        return Request(method, _host(address.hostname), address.port or 80, False, path, kept, _body_bytes(lines))
    except ValueError as error:
        raise BadRequest(str(error)) from error


async def response_head(reader: StreamReader) -> tuple[int, bytes]:
    """The status and the head of an answer, which tells the browser that the connection ends with it."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        start, *lines = head[:-4].split(b"\r\n")
        try:
            status = int(start.split(b" ")[1])
        except (ValueError, IndexError) as error:
            raise BadRequest("the answer is not HTTP") from error
        if status == 101 or status >= 200:
            break  # what comes before the answer proper, such as early hints, is left out
    kept = [line for line in lines if _name(line) not in _HOP_BY_HOP]
    return status, b"\r\n".join([start, *kept, b"Connection: close", b"", b""])


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _host(host: str | None) -> str:
    if not host:
        raise BadRequest("there is no host")
    return host


def _body_bytes(lines: list[bytes]) -> int:
    length = 0
    for line in lines:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        elif name.strip().lower() == b"transfer-encoding":
            raise BadRequest("browsers say how long a body is")
    return length
