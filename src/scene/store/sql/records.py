"""The audit log, webhooks and their deliveries."""

from typing import Any

import sqlalchemy as sa

from scene.domain.model import new_id
from scene.domain.records import Actor, AuditEntry, Delivery, Webhook, WebhookDraft
from scene.store.base import Slice, SliceRequest
from scene.store.sql import projects
from scene.store.sql.audit import entry, record
from scene.store.sql.database import Database
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import audit, deliveries, webhooks


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

    def add_webhook(self, draft: WebhookDraft, by: Actor) -> Webhook:
        with self._database.write() as transaction:
            if draft.project_id is not None:
                projects.hold(transaction, draft.project_id)
            stamps = {"id": new_id(), "version": 1, "created_at": transaction.now, "updated_at": transaction.now}
            transaction.insert(webhooks, [draft.model_dump(mode="json") | stamps])
            data = {"event_types": [str(event_type) for event_type in draft.event_types]}
            record(transaction, by, "webhook.created", [f"webhook:{stamps['id']}"], data)
            row = transaction.connection.execute(sa.select(webhooks).where(webhooks.c.id == stamps["id"])).one()
            return Webhook.model_validate(dict(row._mapping))

    def deliveries(self, webhook_id: str, request: SliceRequest) -> Slice[Delivery]:
        query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, deliveries.c.id, request, f"deliveries {webhook_id}")
        return Slice([Delivery.model_validate(dict(row)) for row in rows], cursor)
