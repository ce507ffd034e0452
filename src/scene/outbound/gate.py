"""Which addresses the server may connect to by itself.

Judged is the address that is dialled, never a name: what a name resolves to can change between two questions.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Final

from scene.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_HIDING_IPV4: Final = {
    ipaddress.ip_network("::/96"): "an IPv4 address written as IPv6",
    ipaddress.ip_network("::ffff:0:0/96"): "an IPv4 address mapped into IPv6",
    ipaddress.ip_network("::ffff:0:0:0/96"): "an IPv4 address translated into IPv6",
    ipaddress.ip_network("64:ff9b:1::/48"): "a local NAT64 address",
    ipaddress.ip_network("2001::/32"): "a Teredo address",
    ipaddress.ip_network("2002::/16"): "a 6to4 address",
}
_MORE: Final = {
    ipaddress.ip_network("0.0.0.0/8"): "an address of this network",
    ipaddress.ip_network("100.64.0.0/10"): "an address of a carrier's network (CGNAT)",
    ipaddress.ip_network("192.0.0.0/24"): "a reserved address",
    ipaddress.ip_network("192.88.99.0/24"): "a 6to4 relay",
    ipaddress.ip_network("198.18.0.0/15"): "an address for benchmarks",
    ipaddress.ip_network("fec0::/10"): "a site-local address",
}
SETTING: Final = "SCENE_OUTBOUND_ALLOWED_HOSTS"


class Gate:
    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """allowed: host names, names with ``*.`` before them, addresses, or networks such as ``10.0.0.0/8``."""
        self._names: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        for entry in allowed:
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]")))
            except ValueError:
                self._names.add(entry.lower().rstrip("."))

    def addresses(self, host: str, resolved: Iterable[str]) -> list[str]:
        """Those of a host's addresses that may be dialled, in their order. Raises AddressRefused when none may."""
        allowed_name = self._allows_name(host)
        refusals = []
        usable = []
        for each in resolved:
            reason = None if allowed_name else self._refusal(each)
            if reason is None:
                usable.append(each)
            else:
                refusals.append(f"{each} is {reason}")
        if not usable:
            raise AddressRefused(
                f"{host}: {', '.join(refusals) or 'no address'}; Scene sends nothing there unless {SETTING} allows it."
            )
        return usable

    def refuse_literal(self, host: str) -> None:
        """Refuse what needs no resolver to be judged, for people who type it. Raises AddressRefused."""
        name = host.lower().rstrip(".")
        if name == "localhost" or name.endswith(".localhost"):
            self.addresses(host, ["127.0.0.1"])
        elif (address := _literal(name)) is not None:
            self.addresses(host, [address])

    def _allows_name(self, host: str) -> bool:
        name = host.lower().rstrip(".")
        parents = name.split(".")
        return name in self._names or any(
            f"*.{'.'.join(parents[start:])}" in self._names for start in range(len(parents))
        )

    def _refusal(self, text: str) -> str | None:
        """Why an address is not dialled; None when it may be."""
        address = ipaddress.ip_address(text)
        if any(address in network for network in self._networks):
            return None
        return kind_of(address)


def kind_of(address: Address) -> str | None:
    """What keeps an address from being a public one; None when nothing does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return "an address of one link"
        if address in _NAT64:
            return kind_of(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    words = (
        (address.is_loopback, "a loopback address"),
        (address.is_unspecified, "no address of a host"),
        (address.is_link_local, "a link-local address"),
        (address.is_multicast, "a multicast address"),
    )
    for holds, kind in words:
        if holds:
            return kind
    for network, kind in (_HIDING_IPV4 | _MORE).items():
        if address.version == network.version and address in network:
            return kind
    if address.is_private:
        return "a private address"
    return None if address.is_global and not address.is_reserved else "a reserved address"


def _literal(name: str) -> str | None:
    """The address that a host is by itself: also in the old notations, such as ``0x7f.1`` and ``2130706433``."""
    try:
        return str(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name)) if not any(map(str.isspace, name)) else None
    except OSError:
        return None
