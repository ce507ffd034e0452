"""Which requests of a job's pages may be made."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scene_runner.protocol import CaptureJob

NOT_ALLOWED = "allowed_hosts"
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


class Rules:
    def __init__(self, job: CaptureJob) -> None:
        self._hosts = {
            "denied_hosts": job.denied_hosts,
            "blocked_hosts": job.blocked_hosts,
        }
        self._allowed = job.allowed_hosts
        self._urls = [(pattern, _expression(pattern)) for pattern in job.blocked_urls]

    @property
    def any(self) -> bool:
        return bool(self._allowed or self._urls or any(self._hosts.values()))

    def against(self, url: str) -> str | None:
        """The rule that forbids a request, such as ``denied_hosts *.example.org``; none when it may be made."""
        address = urlsplit(url)
        if address.scheme not in _PORTS:
            return None
        by_host = self.against_host(address.hostname or "", address.port or _PORTS[address.scheme])
        if by_host is not None and by_host != NOT_ALLOWED:
            return by_host
        for pattern, expression in self._urls:
            if expression.fullmatch(url):
                return f"blocked_urls {pattern}"
        return by_host

    def against_host(self, host: str, port: int) -> str | None:
        """The rule that forbids everything on a host, as far as its name and port tell."""
        for name, patterns in self._hosts.items():
            for pattern in patterns:
                if _is_of(pattern, host, port):
                    return f"{name} {pattern}"
        if self._allowed and not any(_is_of(pattern, host, port) for pattern in self._allowed):
            return NOT_ALLOWED
        return None

    def url_patterns(self) -> Iterator[str]:
        """URLs with ``*`` and ``?`` that meet every request which a rule may forbid, and others."""
        if self._allowed:
            yield "*"
            return
        for patterns in self._hosts.values():
            for pattern in patterns:
                yield f"*://{pattern}*"
                if pattern.startswith("*."):
                    yield f"*://{pattern[2:]}*"
        for pattern, _ in self._urls:
            yield pattern.replace("\\", "\\\\")


def _is_of(pattern: str, host: str, port: int) -> bool:
    name, colon, wanted = pattern.rpartition(":") if re.search(r":\d+$", pattern) else (pattern, "", "")
    if colon and int(wanted) != port:
        return False
    name, host = name.strip("[]").rstrip("."), host.rstrip(".")
    if name.startswith("*."):
        return host == name[2:] or host.endswith(name[1:])
    return host == name


def _expression(pattern: str) -> re.Pattern[str]:
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in pattern)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
