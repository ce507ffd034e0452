"""Writing audit entries into their chain: the last thing that a transaction does before its commit.

On PostgreSQL one lock makes writers wait for each other's commit, so that numbers have no gap and digests follow each
other; nothing else is locked while it is held. On SQLite there is one writer at a time.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.chain import Head, digest_after
from scene.domain.records import Actor, AuditEntry
from scene.store.sql.schema import audit

_CHAIN_LOCK = 7_229_361_543
"""Any number that no other program locks in the same database."""


def append(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """rows: of the table, without ``seq`` and ``sha256``, as they will be read again."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    newest = connection.execute(sa.select(audit.c.seq, audit.c.sha256).order_by(audit.c.seq.desc()).limit(1)).first()
    head = Head(newest.seq, newest.sha256) if newest else Head()
    chained = []
    for row in rows:
        seq = head.seq + 1
        head = Head(seq, digest_after(head.digest, entry_of(row | {"seq": seq, "sha256": ""})))
        chained.append(row | {"seq": seq, "sha256": head.digest})
    connection.execute(sa.insert(audit), chained)


def entry_of(row: RowMapping | dict[str, Any]) -> AuditEntry:
    return AuditEntry(
        seq=row["seq"],
        id=row["id"],
        occurred_at=row["occurred_at"],
        actor=Actor(type=row["actor_type"], id=row["actor_id"], address=row["address"], user_agent=row["user_agent"]),
        action=row["action"],
        targets=row["targets"],
        data=row["data"],
        sha256=row["sha256"],
    )
