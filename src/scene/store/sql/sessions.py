"""Who is signed in where."""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.access import Session
from scene.domain.model import new_id
from scene.domain.records import Actor
from scene.store.access import Visit
from scene.store.sql.audit import record
from scene.store.sql.database import Database
from scene.store.sql.schema import sessions, users
from scene.store.sql.users import user_of

_SEEN_AGAIN: Final = timedelta(minutes=5)
"""How old what is known of the last visit may get: not every request writes."""
_FIELDS = list(Session.model_fields)


def _session_of(row: RowMapping) -> Session:
    return Session.model_validate({name: row[name] for name in _FIELDS})


class SqlSessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, user_id: str, digest: str, means: str, expires_at: datetime, by: Actor) -> Session:
        with self._database.write() as transaction:
            now = transaction.now
            session_id = new_id()
            values = {
                "id": session_id,
                "user_id": user_id,
                "digest": digest,
                "means": means,
                "created_at": now,
                "expires_at": expires_at,
                "last_seen_at": now,
                "address": by.address,
                "user_agent": by.user_agent,
            }
            transaction.insert(sessions, [values])
            transaction.change(sa.update(users).where(users.c.id == user_id).values(last_sign_in_at=now))
            record(transaction, by, "session.opened", [f"user:{user_id}", f"session:{session_id}"], {"means": means})
            return Session.model_validate({name: values[name] for name in _FIELDS})

    def with_digest(self, digest: str) -> Visit | None:
        with self._database.read() as transaction:
            now = transaction.now
            query = sa.select(sessions).where(sessions.c.digest == digest, sessions.c.expires_at > now)
            row = transaction.first(query)
            if row is None:
                return None
            session = _session_of(row)
            who = sa.select(users).where(users.c.id == session.user_id, users.c.enabled.is_(sa.true()))
            found = transaction.first(who)
            if found is None:
                return None
            visit = Visit(session, user_of(found))
        if now - session.last_seen_at > _SEEN_AGAIN:
            with self._database.write() as transaction:
                transaction.change(sa.update(sessions).where(sessions.c.id == session.id).values(last_seen_at=now))
        return visit

    def of(self, user_id: str) -> list[Session]:
        with self._database.read() as transaction:
            query = sa.select(sessions).where(sessions.c.user_id == user_id, sessions.c.expires_at > transaction.now)
            return [_session_of(row) for row in transaction.all(query.order_by(sessions.c.id.desc()))]

    def end(self, user_id: str, session_id: str, by: Actor) -> bool:
        with self._database.write() as transaction:
            own = sa.delete(sessions).where(sessions.c.id == session_id, sessions.c.user_id == user_id)
            if not transaction.change(own):
                return False
            record(transaction, by, "session.ended", [f"user:{user_id}", f"session:{session_id}"], {})
            return True

    def purge(self) -> int:
        with self._database.write() as transaction:
            return transaction.change(sa.delete(sessions).where(sessions.c.expires_at <= transaction.now))
