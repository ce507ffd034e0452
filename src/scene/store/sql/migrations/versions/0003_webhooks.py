"""Webhooks that are sent. Before this, nothing could add one: both tables are made anew."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import (
    each,
    flag,
    index,
    integer,
    json,
    number,
    partial_index,
    raw_bytes,
    text,
    time,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("webhooks")
    op.create_table(
        "webhooks",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=True),
        text("endpoint_url"),
        json("event_types"),
        text("format"),
        flag("enabled"),
        json("custom_headers"),
        *each(text, "sealed", "key_id"),
        *each(time, "previous_secret_until", "failing_since", "quiet_until", nullable=True),
        text("disabled_because"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
    )
    index("webhooks", "project_id")
    op.create_table(
        "deliveries",
        text("id", primary_key=True),
        text("webhook_id", sa.ForeignKey("webhooks.id", ondelete="CASCADE")),
        text("event_type"),
        raw_bytes("payload"),
        text("status"),
        *each(integer, "tried", "tried_in_round"),
        time("next_attempt_at", nullable=True),
        time("created_at"),
        time("ended_at", nullable=True),
    )
    index("deliveries", "webhook_id", "id")
    index("deliveries", "created_at")
    partial_index("ix_deliveries_pending", "deliveries", ["webhook_id", "next_attempt_at", "id"], "status = 'pending'")
    op.create_table(
        "delivery_tries",
        text("delivery_id", sa.ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        time("at"),
        number("response_ms", nullable=True),
        integer("response_code", nullable=True),
        text("error"),
        *each(json, "request_headers", "response_headers"),
        text("response_excerpt"),
    )
