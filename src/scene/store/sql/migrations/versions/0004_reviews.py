"""Decisions of people, and baselines that are made of them."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import each, flag, index, integer, json, partial_index, text, time

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _baselines()
    _screenshots()
    op.add_column("executions", sa.Column("quarantined", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("comparisons", integer("alternative", nullable=True))
    _reviews()
    _quarantines()


def _baselines() -> None:
    # What is made by hand came from no run. A new column in the place of the old one: SQLite has no other way that
    # leaves the table, and what refers to it, where it is.
    op.add_column("baselines", text("made_by_run_id", nullable=True))
    op.execute("UPDATE baselines SET made_by_run_id = run_id")
    op.drop_column("baselines", "run_id")
    op.alter_column("baselines", "made_by_run_id", new_column_name="run_id")
    op.add_column("baselines", sa.Column("kind", sa.Text, nullable=False, server_default="recording"))
    for column in each(text, "source_id", "idempotency_key", nullable=True):
        op.add_column("baselines", column)
    op.add_column("baselines", sa.Column("request_digest", sa.Text, nullable=False, server_default=""))
    op.add_column("baselines", json("changes", nullable=True))
    op.create_index("ix_baselines_idempotency_key", "baselines", ["idempotency_key"], unique=True)
    op.add_column("baseline_items", json("origin", nullable=True))
    op.create_table(
        "baseline_alternatives",
        text("item_id", sa.ForeignKey("baseline_items.id", ondelete="CASCADE"), primary_key=True),
        integer("position", primary_key=True, autoincrement=False),
        text("picture_sha256", sa.ForeignKey("pictures.sha256")),
        *each(json, "renderer", "masks"),
        json("origin", nullable=True),
    )
    index("baseline_alternatives", "picture_sha256")


def _screenshots() -> None:
    for column in each(text, "review", "quarantine_id", nullable=True):
        op.add_column("screenshots", column)
    op.add_column("screenshots", sa.Column("review_version", sa.BigInteger, nullable=False, server_default="0"))
    op.execute(
        "UPDATE screenshots SET review = 'pending' WHERE verdict IN ('changed', 'no_baseline', 'missing')"
        " AND run_id IN (SELECT id FROM runs WHERE purpose = 'comparison')"
    )
    partial_index("ix_screenshots_reviews", "screenshots", ["run_id", "review", "quarantine_id"], "review IS NOT NULL")
    partial_index("ix_screenshots_quarantined", "screenshots", ["quarantine_id", "id"], "quarantine_id IS NOT NULL")


def _reviews() -> None:
    op.create_table(
        "reviews",
        text("id", primary_key=True),
        text("screenshot_id", sa.ForeignKey("screenshots.id", ondelete="CASCADE")),
        text("run_id"),
        integer("version"),
        *each(text, "decision", "actor_type", "actor_id"),
        time("at"),
        text("comment"),
        text("comparison_id", nullable=True),
        flag("as_alternative"),
        text("group_id", nullable=True),
        json("looked", nullable=True),
        sa.UniqueConstraint("screenshot_id", "version"),
    )
    index("reviews", "run_id", "group_id")


def _quarantines() -> None:
    op.create_table(
        "quarantines",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("task_id", sa.ForeignKey("tasks.id", ondelete="CASCADE")),
        *each(text, "browser", "viewport_key", "target", nullable=True),
        *each(text, "reason", "owner"),
        time("expires_at"),
        text("jira_issue", nullable=True),
        integer("version"),
        *each(time, "created_at", "updated_at"),
    )
    index("quarantines", "project_id", "id")
    index("quarantines", "task_id")
