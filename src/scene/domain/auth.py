"""How a page is opened as somebody: basic credentials, cookies, a storage state, headers, and secrets to fill in.

A draft holds the secrets, and the entity only what there is: what was written is never read again by anybody but the
worker that opens a page.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from scene.domain.browsing import Headers
from scene.domain.catalog import Stamped
from scene.domain.model import STORABLE, Model, Name, Spelled

_SHORTEST_TOLD_APART = 8
"""Cookies and stored values hold flags too: a shorter one is no secret, and covering it would garble every log."""

SecretName = Annotated[
    str,
    Spelled(
        r"[A-Za-z_][A-Za-z0-9_\-]{0,99}",
        "must be letters, digits, hyphens and underscores, at most 100, and begin with a letter or underscore",
    ),
]
_Secret = Annotated[str, StringConstraints(min_length=1, max_length=20_000), STORABLE]
_Id = Annotated[str, StringConstraints(max_length=64), STORABLE]


def _cookie_name(name: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name):
        raise ValueError("is not a valid cookie name")
    return name


def _cookie_value(value: str) -> str:
    if any(ord(character) < 32 or character in ";\x7f" for character in value):
        raise ValueError("must not contain control characters or semicolons")
    return value


def _an_origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an origin such as https://example.org")
    return url


class BasicCredentials(Model):
    """Answered when the page's own origin asks for them, and no other."""

    username: _Secret
    password: Annotated[str, StringConstraints(max_length=20_000), STORABLE]


class Cookie(Model):
    """As Playwright and the browsers' own tools write it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_cookie_name)]
    value: Annotated[str, StringConstraints(max_length=20_000), STORABLE, AfterValidator(_cookie_value)]
    domain: Annotated[str, StringConstraints(min_length=1, max_length=300), STORABLE] | None = None
    """Null means the host of the page that is opened."""
    path: Annotated[str, StringConstraints(pattern=r"^/", max_length=2_000), STORABLE] = "/"
    expires: float = Field(default=-1, ge=-1, le=100_000_000_000, allow_inf_nan=False)
    """Seconds since 1970; -1 with the end of the session."""
    httpOnly: bool = False  # noqa: N815
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"  # noqa: N815
    partitionKey: str | None = Field(default=None, max_length=2_000)  # noqa: N815


class StoredCookie(Model):
    """As a browser gave it, with whatever it says besides."""

    model_config = ConfigDict(extra="allow")

    name: Annotated[str, StringConstraints(max_length=20_000), STORABLE]
    value: Annotated[str, StringConstraints(max_length=20_000), STORABLE]
    domain: Annotated[str, StringConstraints(min_length=1, max_length=300), STORABLE]
    path: Annotated[str, StringConstraints(pattern=r"^/", max_length=20_000), STORABLE] = "/"
    expires: float = Field(default=-1, ge=-1, allow_inf_nan=False)
    httpOnly: bool = False  # noqa: N815
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"  # noqa: N815


class StoredItem(Model):
    name: Annotated[str, StringConstraints(max_length=20_000), STORABLE]
    value: Annotated[str, StringConstraints(max_length=6_000_000), STORABLE]


class StoredOrigin(Model):
    """As a browser gave it, with whatever it says besides, such as databases."""

    model_config = ConfigDict(extra="allow")

    origin: Annotated[str, StringConstraints(max_length=2_000), STORABLE, AfterValidator(_an_origin)]
    localStorage: list[StoredItem] = Field(default=[], max_length=10_000)  # noqa: N815


class StorageState(Model):
    """Playwright's JSON: what ``context.storage_state()`` gives, and ``playwright open --save-storage`` writes."""

    cookies: list[StoredCookie] = Field(default=[], max_length=5_000)
    origins: list[StoredOrigin] = Field(default=[], max_length=1_000)


class AuthSecrets(Model):
    """What is encrypted as a whole."""

    basic: BasicCredentials | None = None
    cookies: list[Cookie] = Field(default=[], max_length=500)
    storage_state: StorageState | None = None
    """Made by hand. A login task makes one by itself."""
    headers: Headers = Field(default={})
    """Sent like a page's own, to the origins of ``url`` and ``reference_url`` only."""
    secrets: Annotated[dict[SecretName, _Secret], Field(max_length=50)] = Field(default={})
    """What ``{{secret:name}}`` stands for in the values of fill and type actions; filled in when the page is open."""


class AuthProfileDraft(AuthSecrets):
    name: Name
    login_task_id: _Id | None = None
    """A task of this project that signs in: its page is opened and its actions are carried out, with this profile's
    credentials, cookies, headers and secrets, and what the browser then has stored is the storage state."""
    max_age_seconds: int = Field(default=3_600, ge=1, le=31_536_000)
    """How long the login task's storage state is good for."""
    expires_at: AwareDatetime | None = None
    """Of what was made by hand: executions after it fail instead of capturing a login page."""

    @model_validator(mode="after")
    def _made_in_one_way(self) -> Self:
        if self.login_task_id is not None and self.storage_state is not None:
            raise ValueError("storage_state is made by hand or by the login_task_id; give one of them")
        if self.login_task_id is not None and self.expires_at is not None:
            raise ValueError("expires_at is for what is made by hand; with a login_task_id give max_age_seconds")
        return self


class StoredNames(Model):
    """What a storage state has, without its values."""

    cookies: list[str]
    origins: list[str]


class AuthParts(Model):
    """Which parts are set, by name; never a value."""

    basic: bool
    cookies: list[str]
    storage_state: StoredNames | None
    """Of the one made by hand."""
    headers: list[str]
    secrets: list[str]


class AuthProfile(Stamped):
    project_id: str
    name: str
    parts: AuthParts
    login_task_id: str | None
    max_age_seconds: int
    checked_at: datetime | None
    """When its login task last signed in, or a person last wrote its secrets."""
    expires_at: datetime | None
    """Until when that is good; null without an end, or when the login task has not signed in yet."""


class AuthReference(Model):
    """How a configuration snapshot names a profile: never by its content."""

    id: str
    version: int


def parts_of(secrets: AuthSecrets) -> AuthParts:
    state = secrets.storage_state
    return AuthParts(
        basic=secrets.basic is not None,
        cookies=[cookie.name for cookie in secrets.cookies],
        storage_state=state and names_of(state),
        headers=list(secrets.headers),
        secrets=list(secrets.secrets),
    )


def names_of(state: StorageState) -> StoredNames:
    return StoredNames(
        cookies=[cookie.name for cookie in state.cookies], origins=[origin.origin for origin in state.origins]
    )


def secret_strings(secrets: AuthSecrets, state: StorageState | None = None) -> list[str]:
    """Every text that no log, message or file may show, longest first: also as forms and headers write them."""
    given = {*secrets.headers.values(), *secrets.secrets.values()}
    if secrets.basic is not None:
        given |= {secrets.basic.password} - {""}
        pair = f"{secrets.basic.username}:{secrets.basic.password}"
        given.add(base64.b64encode(pair.encode()).decode())
    stored = {cookie.value for cookie in secrets.cookies}
    for each in (secrets.storage_state, state):
        stored |= set(_stored(each)) if each is not None else set()
    given |= {value for value in stored if len(value) >= _SHORTEST_TOLD_APART}
    quoted = {quote(value, safe="") for value in given}
    written = given | quoted | {value.replace("%20", "+") for value in quoted}
    return sorted(written, key=lambda text: (-len(text), text))


def _stored(state: StorageState) -> Iterator[str]:
    yield from (cookie.value for cookie in state.cookies)
    yield from (item.value for origin in state.origins for item in origin.localStorage)
