"""Webhooks: their secrets are opaque here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.bodies import test_body
from scene.domain.model import new_id
from scene.domain.records import Actor, EventType
from scene.domain.webhooks import DeliveryDetail, Webhook, WebhookDraft, host_of
from scene.store.auth import Sealed
from scene.store.sql import projects
from scene.store.sql.audit import record
from scene.store.sql.crud import Crud
from scene.store.sql.database import Database, Transaction
from scene.store.sql.delivery_rows import delivery_of, refuse_switched_off, webhook_of, write_deliveries
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import webhooks
from scene.store.values import Slice, SliceRequest

_STARTING_ANEW: dict[str, Any] = {"failing_since": None, "quiet_until": None, "disabled_because": ""}


def _entities(_: Transaction, rows: Sequence[RowMapping]) -> list[Webhook]:
    return [webhook_of(row) for row in rows]


crud = Crud("webhook", webhooks, Webhook, entities=_entities)


class SqlWebhooks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, draft: WebhookDraft, sealed: Sealed, by: Actor) -> Webhook:
        with self._database.write() as transaction:
            if draft.project_id is not None:
                projects.hold(transaction, draft.project_id)
            webhook_id = new_id()
            stamps = {"id": webhook_id, "version": 1, "created_at": transaction.now, "updated_at": transaction.now}
            never = _STARTING_ANEW | {"previous_secret_until": None}
            transaction.insert(webhooks, [_values(draft, sealed) | never | stamps])
            record(transaction, by, "webhook.created", [f"webhook:{webhook_id}"], _told(draft))
            return crud.get(transaction, webhook_id)

    def get(self, webhook_id: str) -> Webhook:
        with self._database.read() as transaction:
            return crud.get(transaction, webhook_id)

    def sealed(self, webhook_id: str) -> Sealed:
        with self._database.read() as transaction:
            crud.get(transaction, webhook_id)
            query = sa.select(webhooks.c.sealed, webhooks.c.key_id).where(webhooks.c.id == webhook_id)
            row = transaction.connection.execute(query).one()
            return Sealed(row.sealed, row.key_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Webhook]:
        query = sa.select(webhooks)
        if project_id is not None:
            query = query.where(sa.or_(webhooks.c.project_id == project_id, webhooks.c.project_id.is_(None)))
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, webhooks.c.id, request, f"webhooks {project_id or ''}")
        return Slice([webhook_of(row) for row in rows], cursor)

    def replace(
        self,
        webhook_id: str,
        draft: WebhookDraft,
        sealed: Sealed,
        changed: list[str],
        expected_version: int | None,
        by: Actor,
    ) -> Webhook:
        with self._database.write() as transaction:
            current = crud.lock(transaction, webhook_id, expected_version)
            anew = "endpoint_url" in changed or (draft.enabled and not current.enabled)
            values = _values(draft, sealed) | (_STARTING_ANEW if anew else {})
            crud.replace(transaction, current, values, changed, by)
            return crud.get(transaction, webhook_id)

    def rotate(
        self, webhook_id: str, sealed: Sealed, previous_until: datetime | None, expected_version: int, by: Actor
    ) -> Webhook:
        with self._database.write() as transaction:
            current = crud.lock(transaction, webhook_id, expected_version)
            values = {
                "sealed": sealed.text,
                "key_id": sealed.key_id,
                "previous_secret_until": previous_until,
            }
            crud.replace(transaction, current, values, ["secret"], by)
            return crud.get(transaction, webhook_id)

    def delete(self, webhook_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            webhook = crud.lock(transaction, webhook_id, expected_version)
            crud.delete(transaction, webhook_id, by, {"host": webhook.name})

    def test(self, webhook_id: str, by: Actor) -> DeliveryDetail:
        with self._database.write() as transaction:
            webhook = crud.get(transaction, webhook_id, lock=True)
            refuse_switched_off(webhook)
            project = projects.crud.get(transaction, webhook.project_id) if webhook.project_id else None
            delivery_id = new_id()
            body = test_body(webhook, project, delivery_id, transaction.now)
            write_deliveries(transaction, [(delivery_id, webhook_id, EventType.WEBHOOK_TEST, body)])
            record(transaction, by, "webhook.tested", [f"webhook:{webhook_id}"], {"delivery": delivery_id})
            return delivery_of(transaction, delivery_id)

    def keys(self) -> dict[str, int]:
        query = sa.select(webhooks.c.key_id, sa.func.count().label("count")).group_by(webhooks.c.key_id)
        with self._database.read() as transaction:
            return {row["key_id"]: row["count"] for row in transaction.all(query.order_by(webhooks.c.key_id))}


def _values(draft: WebhookDraft, sealed: Sealed) -> dict[str, Any]:
    return draft.model_dump(mode="json", exclude={"custom_headers"}) | {
        "custom_headers": sorted(draft.custom_headers),
        "sealed": sealed.text,
        "key_id": sealed.key_id,
    }


def _told(draft: WebhookDraft) -> dict[str, Any]:
    """For the audit log. Of the address only the host: the rest can be a secret."""
    host = host_of(draft.endpoint_url)
    return {"host": host, "project": draft.project_id, "event_types": [str(each) for each in draft.event_types]}
