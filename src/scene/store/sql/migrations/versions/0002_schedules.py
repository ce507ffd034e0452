"""Batches that run by themselves."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import each, flag, index, integer, text, time

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "schedules",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE")),
        *each(text, "name", "cron", "time_zone", "purpose", "line"),
        flag("enabled"),
        *each(time, "next_at", "last_at", nullable=True),
        text("last_run_id", nullable=True),
        text("last_problem"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    index("schedules", "project_id", "id")
    index("schedules", "batch_id")
    index("schedules", "next_at")
