"""Deliveries on their way: claimed, settled, sent again, purged."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from scene.domain.records import SYSTEM, Actor
from scene.domain.webhooks import EVERY_DELIVERY, Delivery, DeliveryDetail, DeliveryFilter, DeliveryStatus, Redelivery
from scene.errors import NotFound
from scene.store.auth import Sealed
from scene.store.sql.audit import record
from scene.store.sql.database import Database, Transaction
from scene.store.sql.delivery_rows import deliveries_of, delivery_of, refuse_switched_off, webhook_of
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import deliveries, delivery_tries, webhooks
from scene.store.values import Slice, SliceRequest
from scene.store.webhooks import ClaimedDelivery, TryOutcome

_LOST = "Scene was stopped before the answer came; whether the endpoint has it is not known."
_PENDING = deliveries.c.status == sa.literal_column("'pending'")


class SqlDeliveries:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, delivery_id: str) -> DeliveryDetail:
        with self._database.read() as transaction:
            return delivery_of(transaction, delivery_id)

    def newest(self, webhook_id: str, request: SliceRequest, only: DeliveryFilter = EVERY_DELIVERY) -> Slice[Delivery]:
        columns = [column for column in deliveries.c if column.name != "payload"]
        query = sa.select(*columns).where(deliveries.c.webhook_id == webhook_id, *_conditions(only))
        scope = f"deliveries {webhook_id} {only.digest()}"
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, deliveries.c.id, request, scope)
            return Slice(deliveries_of(transaction, rows), cursor)

    def due(self) -> list[str]:
        with self._database.read() as transaction:
            query = sa.select(webhooks.c.id).where(_may_be_sent_to(transaction.now))
            waiting = sa.exists().where(deliveries.c.webhook_id == webhooks.c.id, _is_due(transaction.now))
            return transaction.values(query.where(waiting).order_by(webhooks.c.id))

    def claim(self, webhook_id: str, lease_seconds: float) -> ClaimedDelivery | None:
        with self._database.write() as transaction:
            webhook = transaction.first(
                sa.select(webhooks).where(webhooks.c.id == webhook_id, _may_be_sent_to(transaction.now))
            )
            query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id, _is_due(transaction.now))
            query = query.order_by(deliveries.c.next_attempt_at, deliveries.c.id).limit(1)
            row = transaction.first(query.with_for_update(skip_locked=True)) if webhook else None
            if webhook is None or row is None:
                return None
            claimed = ClaimedDelivery(
                id=row["id"],
                number=row["tried"] + 1,
                tried_in_round=row["tried_in_round"] + 1,
                payload=row["payload"],
                event_type=row["event_type"],
                webhook=webhook_of(webhook),
                sealed=Sealed(webhook["sealed"], webhook["key_id"]),
            )
            _begin_try(transaction, claimed, lease_seconds)
            return claimed

    def settle(self, claimed: ClaimedDelivery, outcome: TryOutcome) -> bool:
        with self._database.write() as transaction:
            # First the webhook, as who deletes it does: nobody waits in a circle.
            own = sa.select(webhooks.c.id).where(webhooks.c.id == claimed.webhook.id)
            transaction.first(own.with_for_update(key_share=True))
            _end_try(transaction, claimed, outcome)
            ended = outcome.status is not DeliveryStatus.PENDING
            move = sa.update(deliveries).where(
                deliveries.c.id == claimed.id, deliveries.c.tried == claimed.number, _PENDING
            )
            moved = transaction.change(
                move.values(
                    status=outcome.status,
                    next_attempt_at=None if ended else outcome.next_attempt_at,
                    ended_at=transaction.now if ended else None,
                )
            )
            if not moved:
                return False
            _tell_webhook(transaction, claimed, outcome)
            return True

    def release(self) -> int:
        in_hand = sa.exists().where(
            delivery_tries.c.delivery_id == deliveries.c.id,
            delivery_tries.c.number == deliveries.c.tried,
            delivery_tries.c.response_ms.is_(None),
        )
        with self._database.write() as transaction:
            move = sa.update(deliveries).where(_PENDING, in_hand, deliveries.c.next_attempt_at > transaction.now)
            return transaction.change(move.values(next_attempt_at=transaction.now))

    def redeliver(self, webhook_id: str, wanted: Redelivery, by: Actor) -> int:
        with self._database.write() as transaction:
            row = transaction.first(sa.select(webhooks).where(webhooks.c.id == webhook_id).with_for_update())
            if row is None:
                raise NotFound.of("webhook", webhook_id)
            refuse_switched_off(webhook_of(row))
            count = transaction.change(
                sa.update(deliveries)
                .where(deliveries.c.webhook_id == webhook_id, sa.not_(_PENDING), *_chosen(wanted))
                .values(status=DeliveryStatus.PENDING, tried_in_round=0, next_attempt_at=transaction.now, ended_at=None)
            )
            if count:
                asked = wanted.model_dump(mode="json", exclude_defaults=True)
                record(transaction, by, "webhook.redelivered", [f"webhook:{webhook_id}"], asked | {"count": count})
            return count

    def purge(self, before: datetime, limit: int) -> int:
        switched_off = sa.exists().where(webhooks.c.id == deliveries.c.webhook_id, webhooks.c.enabled.is_(sa.false()))
        old = sa.select(deliveries.c.id).where(
            deliveries.c.created_at < before, sa.or_(sa.not_(_PENDING), switched_off)
        )
        with self._database.write() as transaction:
            return transaction.change(sa.delete(deliveries).where(deliveries.c.id.in_(old.limit(limit))))


def _may_be_sent_to(now: datetime) -> sa.ColumnElement[bool]:
    quiet = sa.or_(webhooks.c.quiet_until.is_(None), webhooks.c.quiet_until <= now)
    return sa.and_(webhooks.c.enabled.is_(sa.true()), quiet)


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_PENDING, deliveries.c.next_attempt_at <= now)


def _conditions(only: DeliveryFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if only.statuses:
        conditions.append(deliveries.c.status.in_(only.statuses))
    if only.event_types:
        conditions.append(deliveries.c.event_type.in_(only.event_types))
    if only.created_after is not None:
        conditions.append(deliveries.c.created_at >= only.created_after)
    if only.created_before is not None:
        conditions.append(deliveries.c.created_at < only.created_before)
    return conditions


def _chosen(wanted: Redelivery) -> list[sa.ColumnElement[bool]]:
    if wanted.delivery_ids:
        return [deliveries.c.id.in_(wanted.delivery_ids)]
    between = DeliveryFilter(
        statuses=wanted.statuses, created_after=wanted.created_after, created_before=wanted.created_before
    )
    return _conditions(between)


def _begin_try(transaction: Transaction, claimed: ClaimedDelivery, lease_seconds: float) -> None:
    _end_lost(transaction, claimed.id)
    transaction.change(
        sa.update(deliveries)
        .where(deliveries.c.id == claimed.id)
        .values(
            tried=claimed.number,
            tried_in_round=claimed.tried_in_round,
            next_attempt_at=transaction.now + timedelta(seconds=lease_seconds),
        )
    )
    nothing_yet: dict[str, Any] = {"error": "", "request_headers": {}, "response_headers": {}, "response_excerpt": ""}
    transaction.insert(
        delivery_tries,
        [{"delivery_id": claimed.id, "number": claimed.number, "at": transaction.now, **nothing_yet}],
    )


def _end_lost(transaction: Transaction, delivery_id: str) -> None:
    """The lease of a try ran out without an outcome."""
    lost = sa.update(delivery_tries).where(
        delivery_tries.c.delivery_id == delivery_id, delivery_tries.c.response_ms.is_(None)
    )
    transaction.change(lost.values(response_ms=0, error=_LOST))


def _end_try(transaction: Transaction, claimed: ClaimedDelivery, outcome: TryOutcome) -> None:
    own = sa.update(delivery_tries).where(
        delivery_tries.c.delivery_id == claimed.id, delivery_tries.c.number == claimed.number
    )
    transaction.change(
        own.values(
            response_ms=outcome.response_ms,
            response_code=outcome.response_code,
            error=outcome.error,
            request_headers=outcome.request_headers,
            response_headers=outcome.response_headers,
            response_excerpt=outcome.response_excerpt,
        )
    )


def _tell_webhook(transaction: Transaction, claimed: ClaimedDelivery, outcome: TryOutcome) -> None:
    own = sa.update(webhooks).where(webhooks.c.id == claimed.webhook.id)
    if outcome.status is DeliveryStatus.SUCCEEDED:
        transaction.change(
            own.where(webhooks.c.failing_since.is_not(None)).values(failing_since=None, quiet_until=None)
        )
        return
    transaction.change(own.where(webhooks.c.failing_since.is_(None)).values(failing_since=transaction.now))
    if outcome.quiet_until is not None:
        transaction.change(own.values(quiet_until=outcome.quiet_until))
    if not outcome.disabled_because:
        return
    # A person who has the form open is told that somebody else saved: they must not switch it on unawares.
    disabled = own.where(webhooks.c.enabled.is_(sa.true())).values(
        enabled=False,
        disabled_because=outcome.disabled_because,
        version=webhooks.c.version + 1,
        updated_at=transaction.now,
    )
    if transaction.change(disabled):
        because = {"because": outcome.disabled_because, "delivery": claimed.id}
        record(transaction, SYSTEM, "webhook.disabled", [f"webhook:{claimed.webhook.id}"], because)
