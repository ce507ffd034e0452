"""The audit log."""

from typing import Any

import sqlalchemy as sa

from scene.domain.records import Actor, AuditEntry
from scene.store.base import Slice, SliceRequest
from scene.store.sql.audit import entry, record
from scene.store.sql.database import Database
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import audit


class SqlRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    def audit(self, request: SliceRequest) -> Slice[AuditEntry]:
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, sa.select(audit), audit.c.id, request, "audit")
        return Slice([entry(row) for row in rows], cursor)

    def note(self, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
        with self._database.write() as transaction:
            record(transaction, by, action, targets, data)
