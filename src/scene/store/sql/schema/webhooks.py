"""Webhooks, deliveries and their tries."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    integer,
    json,
    metadata,
    number,
    owned_by,
    stamps,
    text,
    time,
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    id_(),
    # None hears of every project.
    owned_by("project_id", "projects.id", nullable=True),
    text("endpoint_url"),
    json("event_types"),
    text("format"),
    flag("enabled"),
    # Names of the headers whose values are sealed.
    json("custom_headers"),
    text("sealed"),
    text("key_id"),
    time("previous_secret_until", nullable=True),
    time("failing_since", nullable=True),
    time("quiet_until", nullable=True),
    text("disabled_because"),
    *stamps(),
    sa.Index(None, "project_id"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    id_(),
    owned_by("webhook_id", "webhooks.id"),
    text("event_type"),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    text("status"),
    # The number of the newest try, and of those since the delivery was written or last sent again by hand.
    integer("tried"),
    integer("tried_in_round"),
    # While a try is in hand: the end of its lease.
    time("next_attempt_at", nullable=True),
    time("created_at"),
    time("ended_at", nullable=True),
    sa.Index(None, "webhook_id", "id"),
    sa.Index(None, "created_at"),
)

_PENDING = deliveries.c.status == sa.literal_column("'pending'")

sa.Index(
    "ix_deliveries_pending",
    deliveries.c.webhook_id,
    deliveries.c.next_attempt_at,
    deliveries.c.id,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)

delivery_tries = sa.Table(
    "delivery_tries",
    metadata,
    owned_by("delivery_id", "deliveries.id", primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    time("at"),
    number("response_ms", nullable=True),
    integer("response_code", nullable=True),
    text("error"),
    json("request_headers"),
    json("response_headers"),
    text("response_excerpt"),
)
