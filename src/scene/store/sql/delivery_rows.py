"""Rows of webhooks, deliveries and tries as what they mean, and how they are written."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import EventType
from scene.domain.webhooks import Delivery, DeliveryDetail, DeliveryStatus, Try, Webhook
from scene.errors import Conflict, NotFound
from scene.store.sql.database import Transaction
from scene.store.sql.schema import deliveries, delivery_tries

_WEBHOOK_FIELDS = list(Webhook.model_fields)
_DELIVERY_FIELDS = [name for name in Delivery.model_fields if name != "tries"]
_TRY_FIELDS = list(Try.model_fields)


def webhook_of(row: RowMapping) -> Webhook:
    return Webhook.model_validate({name: row[name] for name in _WEBHOOK_FIELDS})


def refuse_switched_off(webhook: Webhook) -> None:
    """Raises Conflict: what is written for it would wait."""
    if not webhook.enabled:
        raise Conflict("The webhook is switched off: nothing is sent to it. Switch it on first.")


def write_deliveries(transaction: Transaction, written: Sequence[tuple[str, str, EventType, bytes]]) -> None:
    """Each as its id, its webhook's id, its event and its body; due at once."""
    now = transaction.now
    transaction.insert(
        deliveries,
        [
            {
                "id": delivery_id,
                "webhook_id": webhook_id,
                "event_type": event_type,
                "payload": body,
                "status": DeliveryStatus.PENDING,
                "tried": 0,
                "tried_in_round": 0,
                "next_attempt_at": now,
                "created_at": now,
                "ended_at": None,
            }
            for delivery_id, webhook_id, event_type, body in written
        ],
    )


def delivery_of(transaction: Transaction, delivery_id: str) -> DeliveryDetail:
    """Raises NotFound."""
    row = transaction.first(sa.select(deliveries).where(deliveries.c.id == delivery_id))
    if row is None:
        raise NotFound.of("delivery", delivery_id)
    tries = _tries(transaction, [delivery_id]).get(delivery_id, [])
    values = {name: row[name] for name in _DELIVERY_FIELDS}
    return DeliveryDetail(tries=tries, payload=row["payload"].decode(), **values)


def deliveries_of(transaction: Transaction, rows: Sequence[RowMapping]) -> list[Delivery]:
    tries = _tries(transaction, [row["id"] for row in rows])
    return [Delivery(tries=tries.get(row["id"], []), **{name: row[name] for name in _DELIVERY_FIELDS}) for row in rows]


def _tries(transaction: Transaction, delivery_ids: Sequence[str]) -> dict[str, list[Try]]:
    query = sa.select(delivery_tries).where(delivery_tries.c.delivery_id.in_(delivery_ids))
    found: dict[str, list[Try]] = {}
    for row in transaction.all(query.order_by(delivery_tries.c.number)):
        found.setdefault(row["delivery_id"], []).append(Try.model_validate({name: row[name] for name in _TRY_FIELDS}))
    return found
