"""The proxy by which this machine reaches the web, where its environment names one: what it says holds for pages too.

``HTTP_PROXY``, ``HTTPS_PROXY`` and ``NO_PROXY`` as browsers and other programs understand them. This machine itself is
never asked for by way of another.
"""

import base64
import ipaddress
import ssl
from asyncio import LimitOverrunError, StreamReader, StreamWriter, open_connection
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

from scene.egress.http import BadRequest, Request, response_head

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Upstream:
    """One such proxy."""

    host: str
    port: int
    tls: bool
    authorization: bytes | None

    async def connect(self) -> tuple[StreamReader, StreamWriter]:
        """Raises OSError."""
        return await open_connection(self.host, self.port, ssl=ssl.create_default_context() if self.tls else None)

    async def tunnel(self, request: Request) -> tuple[StreamReader, StreamWriter]:
        """A connection to where the request wants to go. Raises OSError when the proxy refuses."""
        reader, writer = await self.connect()
        try:
            lines = [f"CONNECT {request.place} HTTP/1.1", f"Host: {request.place}"]
            writer.write(b"\r\n".join([*(line.encode() for line in lines), *self._own(), b"", b""]))
            status, _ = await response_head(reader)
        except (BadRequest, EOFError, LimitOverrunError):
            writer.close()
            raise OSError("the proxy of its network did not answer as one") from None
        except BaseException:
            writer.close()
            raise
        if status // 100 != 2:
            writer.close()
            raise OSError(f"the proxy of its network answered {status}")
        return reader, writer

    def head(self, request: Request) -> bytes:
        """Of a plain request, as this proxy wants it."""
        return request.head(absolute=True, more=self._own())

    def _own(self) -> list[bytes]:
        return [b"Proxy-Authorization: " + self.authorization] if self.authorization else []


class Upstreams:
    def __init__(self, environment: Mapping[str, str]) -> None:
        named = {name.lower(): value for name, value in environment.items() if name.lower().endswith("_proxy")}
        self._proxies = {name.removesuffix("_proxy"): value for name, value in named.items() if value}

    @classmethod
    def of_this_machine(cls) -> "Upstreams":
        return cls({f"{name}_proxy": value for name, value in getproxies_environment().items()})

    def to(self, request: Request) -> Upstream | None:
        """By which of them a request goes; None for the direct way."""
        url = self._proxies.get("https" if request.tunnel else "http") or self._proxies.get("all")
        if not url or _is_loopback(request.host) or proxy_bypass_environment(request.host, self._proxies):
            return None
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in _PORTS or parts.hostname is None:
            return None
        said = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else ""
        authorization = b"Basic " + base64.b64encode(said.encode()) if said else None
        port = parts.port or _PORTS[parts.scheme]
        return Upstream(parts.hostname, port, parts.scheme == "https", authorization)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost" or host.rstrip(".").lower().endswith(".localhost")
