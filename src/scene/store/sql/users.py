"""People who may come in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.access import Scope, User, UserChanges, UserDraft
from scene.domain.records import Actor
from scene.errors import Conflict
from scene.store.access import Identity, KnownUser
from scene.store.sql.audit import record
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import sessions, tokens, users
from scene.store.values import Slice, SliceRequest

_PLAIN = [name for name in User.model_fields if name != "has_password"]


def user_of(row: RowMapping) -> User:
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    return User.model_validate(values | {"has_password": row["password_hash"] is not None})


def _entities(_: Transaction, rows: Sequence[RowMapping]) -> list[User]:
    return [user_of(row) for row in rows]


crud = Crud("user", users, User, entities=_entities)


class SqlUsers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def any_credentials(self) -> bool:
        found = sa.or_(sa.exists(sa.select(users.c.id)), sa.exists(sa.select(tokens.c.id)))
        with self._database.read() as transaction:
            return bool(transaction.value(sa.select(found)))

    def create(self, draft: UserDraft, password_hash: str | None, identity: Identity | None, by: Actor) -> User:
        values = draft.model_dump(mode="json") | {
            "enabled": True,
            "password_hash": password_hash,
            "issuer": identity.issuer if identity else None,
            "subject": identity.subject if identity else None,
            "last_sign_in_at": None,
        }
        with self._database.write() as transaction:
            return crud.get(transaction, crud.create(transaction, values, by))

    def get(self, user_id: str) -> User:
        with self._database.read() as transaction:
            return crud.get(transaction, user_id)

    def newest(self, request: SliceRequest) -> Slice[User]:
        with self._database.read() as transaction:
            return crud.newest(transaction, None, request)

    def named(self, name: str) -> KnownUser | None:
        with self._database.read() as transaction:
            row = transaction.first(sa.select(users).where(users.c.name == name))
            return KnownUser(user_of(row), row["password_hash"]) if row else None

    def identified(self, identity: Identity) -> User | None:
        query = sa.select(users).where(users.c.issuer == identity.issuer, users.c.subject == identity.subject)
        with self._database.read() as transaction:
            row = transaction.first(query)
            return user_of(row) if row else None

    def identify(self, user_id: str, identity: Identity, by: Actor) -> User | None:
        nobody_yet = (users.c.password_hash.is_(None), users.c.subject.is_(None))
        bind = sa.update(users).where(users.c.id == user_id, *nobody_yet)
        with self._database.write() as transaction:
            values = {"issuer": identity.issuer, "subject": identity.subject, "updated_at": transaction.now}
            if not transaction.change(bind.values(version=users.c.version + 1, **values)):
                return None
            record(transaction, by, "user.identified", [f"user:{user_id}"], {"issuer": identity.issuer})
            return crud.get(transaction, user_id)

    def replace(
        self,
        user_id: str,
        changes: UserChanges,
        expected_version: int | None,
        by: Actor,
        password_hash: str | None = None,
    ) -> User:
        with self._database.write() as transaction:
            others = _other_admins(transaction, user_id)
            current = crud.lock(transaction, user_id, expected_version)
            if not others and current.enabled and current.role is Scope.ADMIN and not _is_admin(changes):
                raise Conflict(f"{current.name} is the only administrator; make somebody else one first.")
            values, names = changes.model_dump(mode="json"), changed_fields(current, changes)
            if password_hash is not None:
                values, names = values | {"password_hash": password_hash}, [*names, "password"]
            crud.replace(transaction, current, values, names, by)
            if password_hash is not None or not changes.enabled:
                transaction.change(sa.delete(sessions).where(sessions.c.user_id == user_id))
            return crud.get(transaction, user_id)

    def set_password(self, user_id: str, password_hash: str, by: Actor, keep_session: str | None = None) -> User:
        with self._database.write() as transaction:
            current = crud.lock(transaction, user_id, None)
            crud.replace(transaction, current, {"password_hash": password_hash}, ["password"], by)
            ended = sa.delete(sessions).where(sessions.c.user_id == user_id, sessions.c.id != (keep_session or ""))
            transaction.change(ended)
            return crud.get(transaction, user_id)


def _is_admin(changes: UserChanges) -> bool:
    return changes.enabled and changes.role is Scope.ADMIN


def _other_admins(transaction: Transaction, user_id: str) -> list[str]:
    """Held, so that the last two cannot dismiss each other at the same moment."""
    query = sa.select(users.c.id).where(users.c.role == Scope.ADMIN, users.c.enabled.is_(sa.true()))
    held = transaction.values(query.order_by(users.c.id).with_for_update())
    return [found for found in held if found != user_id]
