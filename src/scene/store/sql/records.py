"""The audit log."""

from typing import Any

import sqlalchemy as sa

from scene.domain.filters import EVERY_ENTRY, AuditFilter
from scene.domain.records import Actor, AuditEntry
from scene.store.sql.audit import record
from scene.store.sql.chain import entry_of
from scene.store.sql.database import Database
from scene.store.sql.filtering import matching_entries
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import audit
from scene.store.values import Slice, SliceRequest


class SqlRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    def audit(self, request: SliceRequest, only: AuditFilter = EVERY_ENTRY) -> Slice[AuditEntry]:
        query = sa.select(audit).where(*matching_entries(only))
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, audit.c.id, request, f"audit {only.canonical_json()}")
        return Slice([entry_of(row) for row in rows], cursor)

    def in_order(self, after: int, limit: int, only: AuditFilter = EVERY_ENTRY) -> list[AuditEntry]:
        query = sa.select(audit).where(audit.c.seq > after, *matching_entries(only)).order_by(audit.c.seq).limit(limit)
        with self._database.read() as transaction:
            return [entry_of(row) for row in transaction.all(query)]

    def note(self, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
        with self._database.write() as transaction:
            record(transaction, by, action, targets, data)
