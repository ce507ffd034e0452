"""People come in by an OpenID Connect provider: there and back, and whose account that is."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from scene.domain.access import User, UserDraft
from scene.domain.records import Actor
from scene.errors import AlreadyExists, Refused, SceneError, SecretUnreadable, TooManyTries, Unauthenticated
from scene.outbound.openid import Flow, Provider
from scene.services.access import Access, enabled, network_of, new_secret
from scene.services.sessions import Opened, Sessions
from scene.store.access import Identity
from scene.store.base import Store
from scene.vault import Vault

LIFETIME: Final = timedelta(minutes=10)
_TRIES_FROM_ONE_ADDRESS: Final = 50
_WINDOW_SECONDS: Final = 900


@dataclass(frozen=True)
class Rules:
    """Whom of the provider's people Scene lets in, and by which name."""

    name_claim: str
    email_domains: tuple[str, ...] = ()
    """Without any, everybody whom the provider knows."""


@dataclass(frozen=True)
class Begun:
    address: str
    """Where the browser goes."""
    kept: str
    """What it brings back from there, sealed."""


@dataclass(frozen=True)
class CameBack:
    opened: Opened
    next: str


class OpenId:
    def __init__(
        self,
        store: Store,
        access: Access,
        sessions: Sessions,
        provider: Provider,
        vault: Vault,
        rules: Rules,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._access = access
        self._sessions = sessions
        self._provider = provider
        self._vault = vault
        self._rules = rules
        self._clock = clock

    def begin(self, redirect_uri: str, wanted: str) -> Begun:
        """wanted: where the person goes when that is done. Raises ProviderFailed."""
        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        flow = Flow(state, nonce, verifier, redirect_uri)
        ends_at = int((self._clock() + LIFETIME).timestamp())
        sealed, key_id = self._vault.seal(json.dumps([asdict(flow), wanted, ends_at]).encode())
        return Begun(self._provider.address(flow), f"{key_id}.{sealed}")

    def finish(self, kept: str, said: Mapping[str, str], address: str | None, user_agent: str | None) -> CameBack:
        """said: the query with which the provider sends the browser back.

        Raises Unauthenticated, Refused, TooManyTries, ProviderFailed; each is in the audit log.
        """
        nobody = Actor(type="anonymous", id="unknown", address=address, user_agent=(user_agent or "")[:500] or None)
        tries = f"sign-in:{network_of(address)}"
        wait = self._store.throttles.take({tries: _TRIES_FROM_ONE_ADDRESS}, _WINDOW_SECONDS)
        if wait:
            minutes = max(1, round(wait / 60))
            raise TooManyTries(f"Too many tries to sign in. Try again in {minutes} minutes.", wait_seconds=wait)
        try:
            flow, wanted = self._opened(kept)
            user = self._person(self._provider.claims(_code(said, flow), flow), nobody)
        except SceneError as refusal:
            told: dict[str, object] = {"means": "oidc", "why": refusal.message}
            self._access.note_refusal(nobody, "session.refused", [], told)
            raise
        self._store.throttles.give_back([tries])
        by = Actor(type="user", id=user.name, address=address, user_agent=nobody.user_agent)
        return CameBack(self._sessions.open(user, "oidc", by), wanted)

    def _opened(self, kept: str) -> tuple[Flow, str]:
        key_id, _, sealed = kept.partition(".")
        try:
            flow, wanted, ends_at = json.loads(self._vault.open(sealed, key_id))
        except (SecretUnreadable, ValueError):
            raise Unauthenticated("This sign-in did not begin in this browser. Sign in again.") from None
        if self._clock().timestamp() >= ends_at:
            raise Unauthenticated("This sign-in took longer than ten minutes. Sign in again.")
        return Flow(**flow), wanted

    def _person(self, claims: Mapping[str, Any], nobody: Actor) -> User:
        identity = Identity(self._provider.issuer, str(claims["sub"]))
        self._check_domain(claims)
        known = self._store.users.identified(identity)
        if known is not None:
            return enabled(known)
        name = self._name(claims)
        by = Actor(type="system", id="OpenID Connect", address=nobody.address, user_agent=nobody.user_agent)
        found = self._store.users.named(name)
        if found is None:
            return self._added(name, identity, by)
        user = self._store.users.identify(enabled(found.user).id, identity, by)
        if user is None:
            raise Refused(f"{name} comes in by other means here; an administrator can add you under another name.")
        return user

    def _added(self, name: str, identity: Identity, by: Actor) -> User:
        draft = UserDraft(name=name, role=self._access.role_of_new(name))
        try:
            return self._store.users.create(draft, None, identity, by)
        except AlreadyExists:  # by another request at the same moment
            known = self._store.users.identified(identity)
            if known is None:
                raise
            return known

    def _name(self, claims: Mapping[str, Any]) -> str:
        claim = self._rules.name_claim
        given = claims.get(claim)
        if not isinstance(given, str) or not given.strip():
            raise Refused(f"The provider says no {claim} of you: SCENE_OIDC_NAME_CLAIM names what it is to say.")
        if claim == "email":
            _verified_email(claims)
        return self._access.checked_name(given)

    def _check_domain(self, claims: Mapping[str, Any]) -> None:
        if not self._rules.email_domains:
            return
        domain = _verified_email(claims).rpartition("@")[2]
        if domain not in self._rules.email_domains:
            raise Refused(f"People with an address at {domain[:100]} do not come in here.")


def _verified_email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if not isinstance(email, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise Refused("The provider says no email of you; is the scope `email` asked for?")
    if claims.get("email_verified") not in (True, "true"):
        raise Refused("The provider does not say that your email address is verified.")
    return email.lower()


def _code(said: Mapping[str, str], flow: Flow) -> str:
    if not secrets.compare_digest(said.get("state", "").encode(), flow.state.encode()):
        raise Unauthenticated("This sign-in did not begin in this browser. Sign in again.")
    if "error" in said:
        why = said.get("error_description") or said["error"]
        raise Unauthenticated(f"The provider did not sign you in: {why[:200]}")
    if not said.get("code"):
        raise Unauthenticated("The provider sent you back without a code. Sign in again.")
    return said["code"]
