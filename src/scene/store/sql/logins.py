"""Who signs in for an auth profile, and what came of it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from scene.errors import NotFound
from scene.store.auth import LoginFailure, LoginTurn, Sealed
from scene.store.sql.database import Database
from scene.store.sql.schema import auth_profiles


class SqlLogins:
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_login(self, profile_id: str, digest: str, cause: str, holder: str, lease_seconds: float) -> LoginTurn:
        with self._database.write() as transaction:
            query = sa.select(auth_profiles).where(auth_profiles.c.id == profile_id).with_for_update()
            row = transaction.first(query)
            if row is None:
                raise NotFound.of("auth profile", profile_id)
            fresh = row["expires_at"] is None or row["expires_at"] > transaction.now
            if row["login_sealed"] is not None and row["login_digest"] == digest and fresh:
                return LoginTurn(state=Sealed(row["login_sealed"], row["login_key_id"]))
            failure = row["login_failure"]
            if failure is not None and (failure["cause"], failure["digest"]) == (cause, digest):
                return LoginTurn(failure=LoginFailure(reason=failure["reason"], message=failure["message"]))
            leased = row["login_lease_expires_at"] is not None and row["login_lease_expires_at"] > transaction.now
            if leased and row["login_holder"] != holder:
                return LoginTurn()
            until = transaction.now + timedelta(seconds=lease_seconds)
            values = {"login_holder": holder, "login_lease_expires_at": until}
            transaction.change(sa.update(auth_profiles).where(auth_profiles.c.id == profile_id).values(values))
            return LoginTurn(mine=True)

    def end_login(self, profile_id: str, holder: str, digest: str, cause: str, ended: Sealed | LoginFailure) -> bool:
        with self._database.write() as transaction:
            held = sa.and_(auth_profiles.c.id == profile_id, auth_profiles.c.login_holder == holder)
            row = transaction.first(sa.select(auth_profiles.c.max_age_seconds).where(held).with_for_update())
            if row is None:
                return False
            if isinstance(ended, LoginFailure):
                failure = ended.model_dump(mode="json") | {"cause": cause, "digest": digest}
                values = no_login() | {"login_failure": failure, "checked_at": None, "expires_at": None}
            else:
                values = no_login() | {
                    "login_sealed": ended.text,
                    "login_key_id": ended.key_id,
                    "login_digest": digest,
                    "checked_at": transaction.now,
                    "expires_at": transaction.now + timedelta(seconds=row["max_age_seconds"]),
                }
            transaction.change(sa.update(auth_profiles).where(held).values(values))
            return True

    def leave_login(self, profile_id: str, holder: str) -> None:
        held = sa.and_(auth_profiles.c.id == profile_id, auth_profiles.c.login_holder == holder)
        with self._database.write() as transaction:
            values = {"login_holder": None, "login_lease_expires_at": None}
            transaction.change(sa.update(auth_profiles).where(held).values(values))


def no_login() -> dict[str, Any]:
    """Nobody is signed in, and nobody is signing in."""
    names = ("sealed", "key_id", "digest", "holder", "lease_expires_at", "failure")
    return {f"login_{name}": None for name in names}
