"""Who carries out executions."""

from alembic import op

from scene.store.sql.migrations.columns import each, flag, index, integer, json, text, time

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "workers",
        text("id", primary_key=True),
        *each(text, "name", "host", "launcher"),
        integer("slots"),
        *each(json, "browsers", "labels"),
        flag("draining"),
        *each(time, "started_at", "heartbeat_at"),
    )
    index("workers", "heartbeat_at")
