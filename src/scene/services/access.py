"""Who is calling: what a request shows, and whom that makes the caller."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from scene.domain.access import Caller, Scope, User, UserDraft, UserName, least
from scene.domain.records import Actor
from scene.domain.wording import wording
from scene.errors import AlreadyExists, Refused, StorageError, Unauthenticated
from scene.store.base import Store

TOKEN_PREFIX: Final = "scene_"  # noqa: S105 - by which secret scanners know one
_NAME: Final = TypeAdapter(UserName)
_REFUSALS_NOTED: Final = 20
_WINDOW_SECONDS: Final = 900


def digest_of(secret: str) -> str:
    """What of a session's or a token's secret is stored: they are random, and need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Shown:
    """What a request shows of who sent it."""

    address: str | None
    user_agent: str | None
    token: str | None = None
    session: str | None = None
    proxy_user: str | None = None
    """What a trusted proxy says; None where none is trusted, or says nothing."""


@dataclass(frozen=True)
class OtherWays:
    """By which people come in without a password, as the settings say."""

    proxy: bool = False
    oidc: bool = False
    new_user_role: Scope | None = Scope.WRITE
    """Of who comes in by them for the first time; None: only who was added before may."""


class Access:
    def __init__(self, store: Store, ways: OtherWays) -> None:
        self._store = store
        self.ways = ways
        self._closed = ways.proxy or ways.oidc
        self._known = False

    def is_open(self) -> bool:
        """Whether everybody who reaches Scene may do everything, since nobody could say who they are.

        That ends with the first person, token or setting, at once and for good.
        """
        if not self._closed:
            try:
                self._closed = self._store.users.any_credentials()
                self._known = True
            except StorageError:
                # Where it was open a moment ago, /health may go on telling what is wrong.
                if not self._known:
                    raise
        return not self._closed

    def caller(self, shown: Shown) -> Caller | None:
        """None when nothing is shown that says who is calling.

        Raises Unauthenticated for a token that is not good, Refused for a person who may not come in.
        """
        if self.is_open():
            return Caller(actor=_actor("anonymous", "local", shown), scope=Scope.ADMIN, means="open")
        if shown.token is not None:
            return self._with_token(shown.token, shown)
        if shown.proxy_user is not None:
            user = self._of_proxy(shown.proxy_user, shown)
            return Caller(actor=_actor("user", user.name, shown), scope=user.role, means="proxy", user=user)
        return self._in_session(shown.session, shown) if shown.session is not None else None

    def person(self, name: str, by: Actor) -> User:
        """Whom somebody that is trusted to know names; added where the settings let new people in. Raises Refused."""
        name = self.checked_name(name)
        known = self._store.users.named(name)
        user = known.user if known else self._added(UserDraft(name=name, role=self.role_of_new(name)), by)
        return enabled(user)

    @staticmethod
    def checked_name(name: str) -> str:
        """As Scene writes it. Raises Refused for one that nobody can have here."""
        try:
            return _NAME.validate_python(name)
        except ValidationError as error:
            said = wording(error.errors()[0])
            raise Refused(f"The name {name[:200]!r} cannot be used here: it {said}.") from None

    def role_of_new(self, name: str) -> Scope:
        """Raises Refused where only people who were added before come in."""
        if self.ways.new_user_role is None:
            raise Refused(f"{name} is not known here; an administrator adds people.")
        return self.ways.new_user_role

    def note_refusal(self, by: Actor, action: str, targets: list[str], data: dict[str, object]) -> None:
        """In the audit log; of one address only so many, so that nobody fills it from outside."""
        key = f"refusals:{network_of(by.address)}"
        if not self._store.throttles.take({key: _REFUSALS_NOTED}, _WINDOW_SECONDS):
            self._store.records.note(by, action, targets, data)

    def _with_token(self, secret: str, shown: Shown) -> Caller:
        bearer = self._store.tokens.with_digest(digest_of(secret))
        if bearer is None:
            self.note_refusal(_actor("anonymous", "unknown", shown), "token.refused", [], {})
            raise Unauthenticated("The token is not one that can be used: it is unknown, revoked or expired.")
        token, user = bearer
        scope = least(Scope(token.scope), user.role) if user else Scope(token.scope)
        return Caller(actor=_actor("token", token.name, shown), scope=scope, means="token", user=user)

    def _of_proxy(self, name: str, shown: Shown) -> User:
        try:
            return self.person(name, Actor(type="system", id="trusted proxy", address=shown.address))
        except Refused as refusal:
            nobody = _actor("anonymous", "unknown", shown)
            self.note_refusal(nobody, "session.refused", [], {"means": "proxy", "why": refusal.message})
            raise

    def _in_session(self, secret: str, shown: Shown) -> Caller | None:
        visit = self._store.sessions.with_digest(digest_of(secret))
        if visit is None:
            return None
        session, user = visit
        actor = _actor("user", user.name, shown)
        return Caller(actor=actor, scope=user.role, means=session.means, user=user, session_id=session.id)

    def _added(self, draft: UserDraft, by: Actor) -> User:
        try:
            return self._store.users.create(draft, None, None, by)
        except AlreadyExists:  # by another request at the same moment
            known = self._store.users.named(draft.name)
            if known is None:
                raise
            return known.user


def enabled(user: User) -> User:
    """Raises Refused for a person who may no longer come in."""
    if not user.enabled:
        raise Refused(f"{user.name} may no longer sign in; an administrator can change that.")
    return user


def network_of(address: str | None) -> str:
    """What tries are counted by: of IPv6 the /64, which one customer has for himself."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def is_within(address: str | None, networks: Sequence[str]) -> bool:
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in networks)


def _actor(kind: str, name: str, shown: Shown) -> Actor:
    return Actor.model_validate(
        {"type": kind, "id": name, "address": shown.address, "user_agent": (shown.user_agent or "")[:500] or None}
    )
