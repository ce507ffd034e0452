"""The promise of a store for access: people, sessions, tokens, and how often somebody may try.

Passwords and tokens arrive as hashes: a store never sees one. Every verb that changes something records it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from scene.domain.access import Session, Token, TokenDraft, User, UserChanges, UserDraft
from scene.domain.records import Actor
from scene.store.values import Slice, SliceRequest


@dataclass(frozen=True)
class Identity:
    """As an OpenID Connect provider knows a person."""

    issuer: str
    subject: str


class KnownUser(NamedTuple):
    user: User
    password_hash: str | None


class Visit(NamedTuple):
    """A session with whose it is."""

    session: Session
    user: User


class Bearer(NamedTuple):
    """A token that is good now, with whose it is."""

    token: Token
    user: User | None


class Users(Protocol):
    def any_credentials(self) -> bool:
        """Whether there is, or ever was, a person or a token."""
        ...

    def create(self, draft: UserDraft, password_hash: str | None, identity: Identity | None, by: Actor) -> User:
        """Raises AlreadyExists."""
        ...

    def get(self, user_id: str) -> User: ...

    def newest(self, request: SliceRequest) -> Slice[User]: ...

    def named(self, name: str) -> KnownUser | None: ...

    def identified(self, identity: Identity) -> User | None: ...

    def identify(self, user_id: str, identity: Identity, by: Actor) -> User | None:
        """Bind a person who has neither a password nor an identity to this one; None when there is one already."""
        ...

    def replace(
        self,
        user_id: str,
        changes: UserChanges,
        expected_version: int | None,
        by: Actor,
        password_hash: str | None = None,
    ) -> User:
        """Who is no longer enabled, or has a new password, is signed out.

        Raises NotFound, VersionConflict, and Conflict where nobody who may say who else may would be left.
        """
        ...

    def set_password(self, user_id: str, password_hash: str, by: Actor, keep_session: str | None = None) -> User:
        """And end the person's other sessions."""
        ...


class Sessions(Protocol):
    def open(self, user_id: str, digest: str, means: str, expires_at: datetime, by: Actor) -> Session:
        """digest: of the secret that the browser keeps."""
        ...

    def with_digest(self, digest: str) -> Visit | None:
        """When it has not ended and its person is enabled; that it was seen is written down every few minutes."""
        ...

    def of(self, user_id: str) -> list[Session]:
        """Those that have not ended, newest first."""
        ...

    def end(self, user_id: str, session_id: str, by: Actor) -> bool:
        """False when the person has no such session."""
        ...

    def purge(self) -> int:
        """Forget those that have expired."""
        ...


class Tokens(Protocol):
    def create(self, draft: TokenDraft, digest: str, user_id: str | None, by: Actor) -> Token:
        """Raises AlreadyExists for the name of one that can still be used."""
        ...

    def get(self, token_id: str) -> Token: ...

    def newest(self, user_id: str | None, request: SliceRequest) -> Slice[Token]: ...

    def with_digest(self, digest: str) -> Bearer | None:
        """When it can be used now; that it was is written down every minute."""
        ...

    def revoke(self, token_id: str, by: Actor) -> Token:
        """Revoking again changes nothing. Raises NotFound."""
        ...


class Throttles(Protocol):
    """How often something was tried, counted for all servers together."""

    def take(self, limits: Mapping[str, int], window_seconds: float) -> float:
        """Count one try for each key. 0, or how many seconds to wait where a key has had its tries in this window."""
        ...

    def give_back(self, keys: list[str]) -> None:
        """The try counts no longer, for it was a good one."""
        ...

    def forget(self, key: str) -> None: ...

    def purge(self) -> int:
        """Forget the windows that are over."""
        ...
