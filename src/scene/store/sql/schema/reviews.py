"""Decisions of people: reviews, and what is in quarantine."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    integer,
    json,
    metadata,
    optional_text,
    owned_by,
    stamps,
    text,
    time,
)

reviews = sa.Table(
    "reviews",
    metadata,
    id_(),
    owned_by("screenshot_id", "screenshots.id"),
    # The screenshot's: what was decided at once is asked within a run.
    text("run_id"),
    integer("version"),
    text("decision"),
    text("actor_type"),
    text("actor_id"),
    time("at"),
    text("comment"),
    # Not a foreign key: comparisons go with their screenshot, as this does.
    optional_text("comparison_id"),
    flag("as_alternative"),
    optional_text("group_id"),
    json("looked", nullable=True),
    sa.UniqueConstraint("screenshot_id", "version"),
    sa.Index(None, "run_id", "group_id"),
)

quarantines = sa.Table(
    "quarantines",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    owned_by("task_id", "tasks.id"),
    # None is every one.
    optional_text("browser"),
    optional_text("viewport_key"),
    optional_text("target"),
    text("reason"),
    text("owner"),
    time("expires_at"),
    optional_text("jira_issue"),
    *stamps(),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "task_id"),
)
