"""Who may use Scene: people, their sessions, and the tokens of programs."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from scene.domain.browsing import Moment
from scene.domain.catalog import Stamped
from scene.domain.model import STORABLE, Model, Name, Spelled
from scene.domain.records import Actor


class Scope(StrEnum):
    """What somebody may do; each includes those before it."""

    READ = "read"
    """See everything but secrets, the paths of webhooks, and the audit log."""
    WRITE = "write"
    """Change things, start and stop runs, review."""
    ADMIN = "admin"
    """Say who else may, and see who did what."""

    def covers(self, needed: str) -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(Scope(needed))


def least(one: Scope, other: Scope) -> Scope:
    return other if one.covers(other) else one


_NAME = r"[a-z0-9](?:[a-z0-9._@+-]{0,98}[a-z0-9])?"
_IN_WORDS = "must be 1 to 100 letters from a to z, digits and . _ @ + -, such as jane or jane@example.org"

UserName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=100),
    STORABLE,
    Spelled(_NAME, _IN_WORDS),
]
"""What a person signs in with: in small letters, and the same for good, since the audit log says it."""

MIN_PASSWORD = 12


def _password(text: str) -> str:
    if len(set(text)) < 5:
        raise ValueError("must not be made of a few characters only")
    return text


Password = Annotated[
    str, StringConstraints(min_length=MIN_PASSWORD, max_length=1_000), STORABLE, AfterValidator(_password)
]


class UserDraft(Model):
    name: UserName
    role: Scope = Scope.WRITE


class UserWithPassword(UserDraft):
    password: SecretStr | None = None
    """Without one the person comes in by OpenID Connect or a trusted proxy."""

    def person(self) -> UserDraft:
        return UserDraft(name=self.name, role=self.role)


class UserChanges(Model):
    role: Scope
    enabled: bool


class User(Stamped, UserDraft):
    """Never deleted, since the audit log names it; one that is not enabled cannot come in."""

    enabled: bool
    has_password: bool
    issuer: str | None
    """Of the OpenID Connect provider that knows the person as ``subject``."""
    subject: str | None
    last_sign_in_at: datetime | None


class Session(Model):
    """A person in one browser."""

    id: str
    user_id: str
    means: Literal["password", "oidc"]
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    address: str | None
    user_agent: str | None


class TokenDraft(Model):
    name: Name
    scope: Literal[Scope.READ, Scope.WRITE] = Scope.READ
    expires_at: Moment | None = None


class Token(TokenDraft):
    """What a program shows instead of a password. Who knows it may do what its scope says, and no more than the person
    whose it is."""

    id: str
    user_id: str | None
    """None for one that an operator made at the command line."""
    user_name: str | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(Token):
    secret: str = Field(description="Shown this once; Scene keeps its digest only.")


class Caller(Model):
    """Who is asking, and what that person or program may do."""

    actor: Actor
    scope: Scope
    means: Literal["open", "password", "oidc", "proxy", "token"]
    """``open``: nobody needs to say who they are, since no credentials are configured."""
    user: User | None = None
    session_id: str | None = None

    @property
    def reads_audit_log(self) -> bool:
        """It names people and their addresses: for administrators, and for programs with a token of theirs."""
        return (self.user.role if self.user else self.scope).covers(Scope.ADMIN)
