"""From a request to a connection: the name is resolved, the address judged, and the one that was judged is dialled."""

import asyncio
import ipaddress
import socket
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

from scene.egress.addresses import own_addresses, refusal
from scene.egress.http import Request
from scene.egress.session import Entry, Refused
from scene.egress.upstream import Upstream, Upstreams

_DIAL_SECONDS = 20.0


class Dialler:
    """Of one event loop."""

    def __init__(self, *, loopback: bool, upstreams: Upstreams) -> None:
        """loopback: whether pages may be on this machine itself. upstreams: by which proxies it reaches others."""
        self._loopback = loopback
        self._upstreams = upstreams

    def upstream(self, request: Request) -> Upstream | None:
        """The proxy that the request goes to next; None for the direct way."""
        return self._upstreams.to(request)

    async def dial(self, request: Request, entry: Entry) -> tuple[StreamReader, StreamWriter]:
        """A connection on which the request, or what comes through its tunnel, can be sent. Raises Refused, OSError."""
        upstream = self.upstream(request)
        if upstream is None:
            return await self._directly(await self._vetted(request.host, request.port), request.port, entry)
        with suppress(socket.gaierror):  # the proxy knows names that this machine does not
            await self._vetted(request.host, request.port)
        entry.address = f"by {upstream.host}:{upstream.port}"
        way = upstream.tunnel(request) if request.tunnel else upstream.connect()
        return await asyncio.wait_for(way, _DIAL_SECONDS)

    async def _directly(self, addresses: list[str], port: int, entry: Entry) -> tuple[StreamReader, StreamWriter]:
        problem: Exception = OSError("it has no address")
        for address in addresses:
            entry.address = address.partition("%")[0]
            try:
                return await asyncio.wait_for(asyncio.open_connection(address, port), _DIAL_SECONDS)
            except (OSError, TimeoutError) as error:
                problem = error
        raise problem

    async def _vetted(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be dialled. Raises Refused when it has only others, and OSError."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        own = frozenset() if self._loopback else own_addresses()
        allowed, why = [], None
        for _, _, _, _, place in found:
            address = ipaddress.ip_address(str(place[0]).partition("%")[0])
            against = refusal(address, loopback=self._loopback, own=own)
            if against is None:
                allowed.append(str(place[0]))
            why = why or against
        if not allowed and why:
            raise Refused(why)
        return allowed
