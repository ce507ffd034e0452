"""Settings, audit entries, webhooks and deliveries."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import flag, id_, integer, json, metadata, optional_text, owned_by, text, time

settings = sa.Table(
    "settings",
    metadata,
    # One row, 1. Its lock is the admission lock: see admission.py.
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    # What differs from the defaults of domain.records.Settings, so that a new setting needs no migration.
    json("document"),
    integer("version"),
)

audit = sa.Table(
    "audit",
    metadata,
    id_(),
    time("occurred_at"),
    text("actor_type"),
    text("actor_id"),
    optional_text("address"),
    optional_text("user_agent"),
    text("action"),
    json("targets"),
    json("data"),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    id_(),
    # None hears of every project.
    owned_by("project_id", "projects.id", nullable=True),
    text("endpoint_url"),
    json("event_types"),
    flag("enabled"),
    json("custom_headers"),
    integer("version"),
    time("created_at"),
    time("updated_at"),
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
    time("next_attempt_at"),
    time("created_at"),
    sa.Index(None, "webhook_id", "id"),
)

_PENDING = deliveries.c.status == sa.literal_column("'pending'")

sa.Index("ix_deliveries_pending", deliveries.c.next_attempt_at, sqlite_where=_PENDING, postgresql_where=_PENDING)
