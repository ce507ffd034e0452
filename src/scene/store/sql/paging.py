"""Lists, one slice at a time: keyset cursors, never OFFSET."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping
from sqlalchemy.sql.elements import KeyedColumnElement

from scene.errors import Invalid
from scene.store.sql.database import Transaction
from scene.store.values import MAX_SLICE, SliceRequest

_SEAL_BYTES = 8


def slice_of(
    transaction: Transaction, query: sa.Select[Any], key: KeyedColumnElement[Any], request: SliceRequest, scope: str
) -> tuple[Sequence[RowMapping], str | None]:
    """Rows of one slice, and the cursor of the next.

    A text key (an id) lists newest first, a number (a position) from the first on. The scope names the list with its
    filters: a cursor of another list is refused.
    """
    if not 1 <= request.limit <= MAX_SLICE:
        raise Invalid.field("limit", f"must be from 1 to {MAX_SLICE}")
    counts_up = isinstance(key.type, sa.Integer)
    query = query.order_by(key.asc() if counts_up else key.desc())
    if request.cursor is not None:
        after = _opened(request.cursor, scope)
        query = query.where(key > int(after) if counts_up else key < after)
    rows = transaction.all(query.limit(request.limit + 1))
    if len(rows) <= request.limit:
        return rows, None
    rows = rows[: request.limit]
    return rows, _sealed(str(rows[-1][key.key]), scope)


def _sealed(key: str, scope: str) -> str:
    seal = hashlib.blake2b(f"{scope}\n{key}".encode(), digest_size=_SEAL_BYTES).digest()
    return base64.urlsafe_b64encode(seal + key.encode()).rstrip(b"=").decode()


def _opened(cursor: str, scope: str) -> str:
    try:
        key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[_SEAL_BYTES:].decode()
    except (binascii.Error, ValueError):
        key = ""
    if not key or _sealed(key, scope) != cursor:
        raise Invalid.field("cursor", "is not a cursor of this list; start again without one")
    return key
