"""What programs come in with."""

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.access import Token, TokenDraft
from scene.domain.model import new_id
from scene.domain.records import Actor
from scene.errors import AlreadyExists, NotFound
from scene.store.access import Bearer
from scene.store.sql.audit import record
from scene.store.sql.database import Database, Transaction, is_unique_violation
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import tokens, users
from scene.store.sql.users import user_of
from scene.store.values import Slice, SliceRequest

_USED_AGAIN: Final = timedelta(minutes=1)
_PLAIN = [name for name in Token.model_fields if name != "user_name"]
_QUERY = sa.select(tokens, users.c.name.label("user_name")).outerjoin(users, users.c.id == tokens.c.user_id)


def _token_of(row: RowMapping) -> Token:
    values: dict[str, Any] = {name: row[name] for name in [*_PLAIN, "user_name"]}
    return Token.model_validate(values)


class SqlTokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, draft: TokenDraft, digest: str, user_id: str | None, by: Actor) -> Token:
        with self._database.write() as transaction:
            token_id = new_id()
            row = {
                "id": token_id,
                "user_id": user_id,
                "name": draft.name,
                "digest": digest,
                "scope": draft.scope,
                "created_at": transaction.now,
                "expires_at": draft.expires_at,
                "last_used_at": None,
                "revoked_at": None,
            }
            try:
                transaction.insert(tokens, [row])
            except sa.exc.IntegrityError as error:
                if is_unique_violation(error):
                    raise AlreadyExists.of("token", "name", draft.name) from error
                raise
            expires = draft.expires_at.isoformat() if draft.expires_at else None
            data = {"name": draft.name, "scope": str(draft.scope), "expires_at": expires}
            record(transaction, by, "token.created", _targets(token_id, user_id), data)
            return _get(transaction, token_id)

    def get(self, token_id: str) -> Token:
        with self._database.read() as transaction:
            return _get(transaction, token_id)

    def newest(self, user_id: str | None, request: SliceRequest) -> Slice[Token]:
        query = _QUERY if user_id is None else _QUERY.where(tokens.c.user_id == user_id)
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, tokens.c.id, request, f"tokens {user_id or ''}")
        return Slice([_token_of(row) for row in rows], cursor)

    def with_digest(self, digest: str) -> Bearer | None:
        with self._database.read() as transaction:
            now = transaction.now
            in_time = sa.or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now)
            query = _QUERY.where(tokens.c.digest == digest, tokens.c.revoked_at.is_(None), in_time)
            row = transaction.first(query)
            if row is None:
                return None
            token = _token_of(row)
            owner = transaction.first(sa.select(users).where(users.c.id == token.user_id))
        user = user_of(owner) if owner else None
        if user is not None and not user.enabled:
            return None
        if token.last_used_at is None or now - token.last_used_at > _USED_AGAIN:
            with self._database.write() as transaction:
                transaction.change(sa.update(tokens).where(tokens.c.id == token.id).values(last_used_at=now))
        return Bearer(token, user)

    def revoke(self, token_id: str, by: Actor) -> Token:
        with self._database.write() as transaction:
            token = _get(transaction, token_id)
            live = sa.update(tokens).where(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
            if transaction.change(live.values(revoked_at=transaction.now)):
                record(transaction, by, "token.revoked", _targets(token_id, token.user_id), {"name": token.name})
            return _get(transaction, token_id)


def _get(transaction: Transaction, token_id: str) -> Token:
    row = transaction.first(_QUERY.where(tokens.c.id == token_id))
    if row is None:
        raise NotFound.of("token", token_id)
    return _token_of(row)


def _targets(token_id: str, user_id: str | None) -> list[str]:
    return [f"token:{token_id}", *([f"user:{user_id}"] if user_id else [])]
