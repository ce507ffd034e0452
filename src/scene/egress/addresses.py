"""Which addresses a page may be on, whatever its name says."""

import ipaddress
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

import psutil

Address = IPv4Address | IPv6Address

# Where clouds tell machines their credentials; those that are not link-local anyway.
_METADATA = frozenset(
    map(ipaddress.ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")


def refusal(address: Address, *, loopback: bool, own: Iterable[Address] = ()) -> str | None:
    """Why nothing is sent to this address; none when it may be dialled.

    loopback: whether this machine itself may be reached, by its loopback addresses or any of its ``own``.
    """
    address = _embedded(address)
    if address in _METADATA:
        return "it is a metadata address of a cloud"
    if address.is_link_local:
        return "it is a link-local address"
    if address.is_multicast or address.is_unspecified or address == ipaddress.ip_address("255.255.255.255"):
        return "it is no address of a server"
    if isinstance(address, IPv4Address) and address in _THIS_NETWORK:
        return "it is no address of a server"
    if not loopback and (address.is_loopback or address in set(own)):
        return "it is Scene's own machine, which SCENE_LOOPBACK_PAGES does not allow"
    return None


def own_addresses() -> frozenset[Address]:
    """Every address of this machine's network interfaces."""
    found = set()
    for addresses in psutil.net_if_addrs().values():
        for each in addresses:
            if each.family in (socket.AF_INET, socket.AF_INET6):
                found.add(_embedded(ipaddress.ip_address(each.address.partition("%")[0])))
    return frozenset(found)


def _embedded(address: Address) -> Address:
    """The IPv4 address within an IPv6 one that only carries it."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
