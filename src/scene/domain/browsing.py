"""What a page is shown of its browser, and which requests it may make: values with their rules."""

import re
import zoneinfo
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from scene.domain.model import STORABLE, Text

_TOKEN = re.compile(r"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$")
_LOCALE = re.compile(
    r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*$"
)
_LABEL = r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"^(?:(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]+\])(?::[0-9]{{1,5}})?$")


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _TOKEN.match(name):
            raise ValueError(f"{name!r} is not a valid header name")
        if any(ord(character) < 32 and character != "\t" for character in value):
            raise ValueError(f"the value of {name} must not contain control characters")
    return headers


def _locale(tag: str) -> str:
    if not _LOCALE.match(tag):
        raise ValueError(f"{tag!r} is not a language tag (BCP 47) such as de-DE")
    return tag


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError(f"{name!r} is not a time zone of the IANA database such as Europe/Berlin")
    return name


def _one_line(text: str) -> str:
    if not all(32 <= ord(character) < 127 for character in text):
        raise ValueError("must be one line of ASCII text, as it is sent in a header")
    return text


def _url_pattern(pattern: str) -> str:
    if any(character.isspace() or ord(character) < 32 for character in pattern):
        raise ValueError("must not contain spaces or control characters")
    if not pattern.strip("*?/:"):
        raise ValueError(f"{pattern!r} would block every request")
    return pattern


def _host_pattern(pattern: str) -> str:
    """In small letters, names of other scripts as they are sent. Raises ValueError."""
    name = pattern.lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            raise ValueError(f"{pattern!r} is not a host name") from None
    if not _HOST.match(name):
        raise ValueError(f"{pattern!r} is not a host such as ads.example.org, *.example.org or localhost:3000")
    return name


Headers = Annotated[dict[Text, Text], Field(max_length=50), AfterValidator(_headers)]
Locale = Annotated[str, StringConstraints(max_length=100), AfterValidator(_locale)]
"""A language tag (BCP 47) such as ``de-DE``."""
TimeZone = Annotated[str, StringConstraints(max_length=100), AfterValidator(_time_zone)]
"""A name of the IANA database such as ``Europe/Berlin``."""
UserAgent = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000), AfterValidator(_one_line)
]
UrlPattern = Annotated[str, StringConstraints(min_length=1, max_length=2_000), STORABLE, AfterValidator(_url_pattern)]
"""A whole URL in which ``*`` stands for any characters and ``?`` for one."""
UrlPatterns = Annotated[list[UrlPattern], Field(max_length=200)]
HostPattern = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    STORABLE,
    AfterValidator(_host_pattern),
]
"""A host, with ``*.`` before it that host and everything below it; with a port, that port alone."""
HostPatterns = Annotated[list[HostPattern], Field(max_length=1_000)]
Moment = Annotated[AwareDatetime, Field(description="RFC 3339, with its offset")]
