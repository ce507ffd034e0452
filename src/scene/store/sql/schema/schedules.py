"""When batches run by themselves."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import flag, id_, metadata, optional_text, owned_by, stamps, text, time

schedules = sa.Table(
    "schedules",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    owned_by("batch_id", "batches.id"),
    text("name"),
    text("cron"),
    text("time_zone"),
    text("purpose"),
    text("line"),
    flag("enabled"),
    time("next_at", nullable=True),
    time("last_at", nullable=True),
    # Not a foreign key: the run may be deleted.
    optional_text("last_run_id"),
    text("last_problem"),
    *stamps(),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "batch_id"),
    sa.Index(None, "next_at"),
)
