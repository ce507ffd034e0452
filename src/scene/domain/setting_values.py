"""What some settings of an operator may hold: types that refuse everything else, in words."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can only be reached from this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hosts_or_networks(entries: list[str]) -> list[str]:
    for entry in entries:
        if not re.fullmatch(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?", entry) or "/" in entry:
            try:
                ipaddress.ip_network(entry.strip("[]"))
            except ValueError:
                raise ValueError(
                    f"{entry!r} is neither a host such as ci.example.org or *.example.org, without a port, nor an "
                    "address or a network such as 10.0.0.0/8"
                ) from None
    return entries


def _networks(networks: list[str]) -> list[str]:
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ValueError(f"{network!r} is not an address or a network such as 10.0.0.0/8") from None
    return networks


def _header(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", name):
        raise ValueError(f"{name!r} is not the name of a header such as X-Remote-User")
    return name


def _issuer(url: str) -> str:
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not re.fullmatch(r"https?://[^\s?#@\\]+", url):
        raise ValueError(f"{url!r} is not an address that begins with https://, without a query")
    return url


def _with_openid(scopes: list[str]) -> list[str]:
    return scopes if "openid" in scopes else ["openid", *scopes]


def _domains(domains: list[str]) -> list[str]:
    for domain in domains:
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", domain):
            raise ValueError(f"{domain!r} is not a domain such as example.org")
    return [domain.lower() for domain in domains]


HostsOrNetworks = Annotated[list[str], AfterValidator(_hosts_or_networks)]
Networks = Annotated[list[str], AfterValidator(_networks)]
HeaderName = Annotated[str, AfterValidator(_header)]
IssuerUrl = Annotated[str, AfterValidator(_issuer)]
"""HTTPS, but on loopback."""
OidcScopes = Annotated[list[Annotated[str, Field(pattern=r"^[!#-\[\]-~]+$")]], AfterValidator(_with_openid)]
"""``openid`` is always among them."""
EmailDomains = Annotated[list[str], AfterValidator(_domains)]
"""In small letters."""
