"""People come in with a password, stay for a while, and leave."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scene.domain.access import Session, User
from scene.domain.records import Actor
from scene.errors import NotFound, TooManyTries, Unauthenticated
from scene.services.access import digest_of, network_of, new_secret
from scene.services.passwords import Passwords
from scene.store.base import Store

_TRIES_FOR_ONE_NAME: Final = 10
_TRIES_FROM_ONE_ADDRESS: Final = 50
_WINDOW_SECONDS: Final = 900


@dataclass(frozen=True)
class Opened:
    session: Session
    secret: str
    """What the browser keeps, and nobody else."""


class Sessions:
    def __init__(
        self, store: Store, passwords: Passwords, clock: Callable[[], datetime], *, lifetime: timedelta
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._lifetime = lifetime

    def sign_in(self, name: str, password: str, address: str | None, user_agent: str | None) -> Opened:
        """Raises Unauthenticated, without saying what was wrong, and TooManyTries.

        A try is counted before it is judged, so that no number of servers judges more than the limit at once.
        """
        name = name.strip().lower()
        of_name, of_address = f"sign-in:{_hashed(name)}", f"sign-in:{network_of(address)}"
        wait = self._store.throttles.take(
            {of_name: _TRIES_FOR_ONE_NAME, of_address: _TRIES_FROM_ONE_ADDRESS}, _WINDOW_SECONDS
        )
        nobody = Actor(type="anonymous", id="unknown", address=address, user_agent=(user_agent or "")[:500] or None)
        if wait:
            if not self._store.throttles.take({f"{of_name}:noted": 1}, _WINDOW_SECONDS):
                self._store.records.note(nobody, "session.throttled", [], {})
            minutes = max(1, round(wait / 60))
            raise TooManyTries(f"Too many tries to sign in. Try again in {minutes} minutes.", wait_seconds=wait)
        known = self._store.users.named(name)
        fits = self._passwords.fits(password, known.password_hash if known else None)
        if known is None or not fits or not known.user.enabled:
            # People type passwords where names belong: only a name that is known is written down.
            target = [f"user:{known.user.id}"] if known else []
            self._store.records.note(nobody, "session.refused", target, {"name": name if known else None})
            raise Unauthenticated("The name or the password is wrong.")
        user = known.user
        self._store.throttles.forget(of_name)
        self._store.throttles.give_back([of_address])
        by = Actor(type="user", id=user.name, address=nobody.address, user_agent=nobody.user_agent)
        return self.open(user, "password", by)

    def open(self, user: User, means: str, by: Actor) -> Opened:
        """For a person who has shown who it is."""
        secret = new_secret()
        ends_at = self._clock() + self._lifetime
        return Opened(self._store.sessions.open(user.id, digest_of(secret), means, ends_at, by), secret)

    def of(self, user: User) -> list[Session]:
        return self._store.sessions.of(user.id)

    def end(self, user: User, session_id: str, by: Actor) -> None:
        """Raises NotFound."""
        if not self._store.sessions.end(user.id, session_id, by):
            raise NotFound.of("session", session_id)

    def sign_out(self, user: User, session_id: str, by: Actor) -> None:
        """Whoever is out already, is."""
        self._store.sessions.end(user.id, session_id, by)

    def tidy(self) -> None:
        self._store.sessions.purge()
        self._store.throttles.purge()


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
