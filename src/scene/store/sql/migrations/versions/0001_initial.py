"""Every table of the first version."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _catalog()
    _baselines()
    _runs()
    _executions()
    _captures()
    _records()
    settings = sa.table("settings", sa.column("id"), sa.column("document", _JSON), sa.column("version"))
    op.bulk_insert(settings, [{"id": 1, "document": {}, "version": 1}])


def _catalog() -> None:
    op.create_table(
        "projects",
        _text("id", primary_key=True),
        *_each(_text, "name", "slug", "description"),
        _text("base_url", nullable=True),
        _integer("version"),
        *_each(_time, "created_at", "updated_at"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "pages",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        *_each(_text, "name", "url"),
        _text("preparatory_js", nullable=True),
        *_each(_json, "headers", "expected_status"),
        _flag("ignore_https_errors"),
        _integer("version"),
        *_each(_time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    _index("pages", "project_id", "id")
    op.create_table(
        "tasks",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        _text("page_id", sa.ForeignKey("pages.id")),
        _text("name"),
        *_each(_json, "browsers", "viewports", "targets"),
        _text("task_js", nullable=True),
        *_each(_json, "capture", "policy"),
        _integer("version"),
        *_each(_time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    _index("tasks", "page_id")
    _index("tasks", "project_id", "id")
    op.create_table(
        "batches",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        *_each(_text, "name", "description"),
        _json("baseline_policy"),
        _text("jira_issue", nullable=True),
        *_each(_number, "execution_diff_threshold_percent", "run_diff_threshold_percent"),
        _integer("version"),
        *_each(_time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    _index("batches", "project_id", "id")
    op.create_table(
        "batch_tasks",
        _text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
        _integer("position", primary_key=True, autoincrement=False),
        _text("task_id", sa.ForeignKey("tasks.id", ondelete="CASCADE")),
        _flag("enabled"),
    )
    _index("batch_tasks", "task_id")


def _baselines() -> None:
    op.create_table(
        "snapshots",
        _text("digest", primary_key=True),
        _json("document"),
    )
    op.create_table(
        "pictures",
        _text("sha256", primary_key=True),
        *_each(_integer, "width", "height"),
        *_each(_text, "image_artifact_id", "thumbnail_artifact_id"),
    )
    op.create_table(
        "baselines",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        _text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE")),
        *_each(_text, "line", "run_id"),
        _text("parent_id", nullable=True),
        _time("created_at"),
        *_each(_text, "created_by", "notes"),
        *_each(_integer, "items_total", "items_succeeded", "items_missing"),
    )
    _index("baselines", "batch_id", "id")
    _index("baselines", "batch_id", "line", "id")
    _index("baselines", "project_id", "id")
    op.create_table(
        "baseline_items",
        _text("id", primary_key=True),
        _text("baseline_id", sa.ForeignKey("baselines.id", ondelete="CASCADE")),
        _integer("position"),
        *_each(_text, "task_id", "task_name", "browser", "viewport_key", "target"),
        _text("picture_sha256", sa.ForeignKey("pictures.sha256")),
        _json("renderer"),
        _text("snapshot_digest", sa.ForeignKey("snapshots.digest")),
        sa.UniqueConstraint("baseline_id", "position"),
        sa.UniqueConstraint("baseline_id", "task_id", "browser", "viewport_key", "target"),
    )
    _index("baseline_items", "picture_sha256")


def _runs() -> None:
    op.create_table(
        "runs",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        _text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE")),
        *_each(_text, "batch_name", "purpose"),
        _text("baseline_id", sa.ForeignKey("baselines.id"), nullable=True),
        _text("baseline_reason", nullable=True),
        _json("task_ids", nullable=True),
        _text("base_url", nullable=True),
        _json("variables"),
        *_each(_text, "rerun_of", "rerun", "idempotency_key", nullable=True),
        *_each(_text, "request_digest", "line"),
        *_each(_text, "parent_line", "jira_issue", nullable=True),
        _text("note"),
        _json("labels"),
        *_each(_text, "search_text", "requested_by"),
        _integer("priority"),
        _integer("concurrency", nullable=True),
        _time("deadline_at"),
        _text("status"),
        *_each(_text, "reason", "verdict", nullable=True),
        _time("created_at"),
        *_each(_time, "started_at", "finished_at", nullable=True),
        sa.UniqueConstraint("idempotency_key"),
    )
    _partial_index("ix_runs_active", "runs", ["deadline_at"], "status IN ('queued', 'executing')")
    _index("runs", "baseline_id")
    _index("runs", "batch_id", "id")
    _index("runs", "project_id", "id")


def _executions() -> None:
    op.create_table(
        "executions",
        _text("id", primary_key=True),
        _text("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE")),
        _integer("position"),
        *_each(_text, "task_id", "task_name", "page_id", "page_name"),
        _text("snapshot_digest", sa.ForeignKey("snapshots.digest")),
        _text("browser"),
        _json("viewport"),
        *_each(_text, "viewport_key", "status"),
        _text("reason", nullable=True),
        _text("message"),
        _text("verdict", nullable=True),
        _number("percent_changed", nullable=True),
        _integer("attempt"),
        _flag("admitted"),
        _text("worker", nullable=True),
        *_each(_time, "lease_expires_at", "not_before", nullable=True),
        _time("created_at"),
        *_each(_time, "started_at", "finished_at", nullable=True),
        _number("duration_ms", nullable=True),
        sa.UniqueConstraint("run_id", "position"),
    )
    _partial_index("ix_executions_admitted", "executions", ["run_id"], "admitted IS 1", "admitted IS true")
    _partial_index("ix_executions_leased", "executions", ["lease_expires_at"], "status = 'executing'")
    _index("executions", "run_id", "status", "verdict")
    _partial_index(
        "ix_executions_waiting",
        "executions",
        ["run_id", "position"],
        "status = 'queued' AND admitted IS 0",
        "status = 'queued' AND admitted IS false",
    )
    _partial_index("ix_executions_worker", "executions", ["worker"], "status = 'executing'")
    op.create_table(
        "attempts",
        _text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE"), primary_key=True),
        _integer("number", primary_key=True, autoincrement=False),
        *_each(_text, "worker", "status"),
        _text("reason", nullable=True),
        _text("message"),
        _integer("exit_code", nullable=True),
        _time("started_at"),
        _time("finished_at", nullable=True),
        *_each(_json, "steps", "timings_ms"),
    )


def _captures() -> None:
    op.create_table(
        "artifacts",
        _text("id", primary_key=True),
        _text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE"), nullable=True),
        _integer("attempt", nullable=True),
        *_each(_text, "type", "name", "media_type", "sha256"),
        _integer("size"),
        *_each(_integer, "width", "height", nullable=True),
        _time("created_at"),
    )
    _index("artifacts", "execution_id", "id")
    op.create_table(
        "screenshots",
        _text("id", primary_key=True),
        _text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE")),
        _integer("position"),
        _text("target"),
        _text("picture_sha256", sa.ForeignKey("pictures.sha256"), nullable=True),
        _json("renderer", nullable=True),
        _flag("unstable"),
        _json("unstable_area", nullable=True),
        _integer("frames"),
        _text("verdict", nullable=True),
        sa.UniqueConstraint("execution_id", "position"),
    )
    _index("screenshots", "picture_sha256")
    op.create_table(
        "comparisons",
        _text("id", primary_key=True),
        _text("screenshot_id", sa.ForeignKey("screenshots.id", ondelete="CASCADE")),
        _text("baseline_item_id", sa.ForeignKey("baseline_items.id")),
        *_each(_json, "policy", "stats"),
        _integer("changed_pixels"),
        _number("percent_changed"),
        *_each(_text, "verdict", "sentence"),
        _flag("renderer_differs"),
        *_each(_text, "diff_artifact_id", "heatmap_artifact_id", nullable=True),
        _time("created_at"),
    )
    _index("comparisons", "baseline_item_id")
    _index("comparisons", "screenshot_id", "id")


def _records() -> None:
    op.create_table(
        "settings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        _json("document"),
        _integer("version"),
    )
    op.create_table(
        "audit",
        _text("id", primary_key=True),
        _time("occurred_at"),
        *_each(_text, "actor_type", "actor_id"),
        *_each(_text, "address", "user_agent", nullable=True),
        _text("action"),
        *_each(_json, "targets", "data"),
    )
    op.create_table(
        "webhooks",
        _text("id", primary_key=True),
        _text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=True),
        _text("endpoint_url"),
        _json("event_types"),
        _flag("enabled"),
        _json("custom_headers"),
        _integer("version"),
        *_each(_time, "created_at", "updated_at"),
    )
    _index("webhooks", "project_id")
    op.create_table(
        "deliveries",
        _text("id", primary_key=True),
        _text("webhook_id", sa.ForeignKey("webhooks.id", ondelete="CASCADE")),
        _text("event_type"),
        _bytes("payload"),
        _text("status"),
        *_each(_time, "next_attempt_at", "created_at"),
    )
    _partial_index("ix_deliveries_pending", "deliveries", ["next_attempt_at"], "status = 'pending'")
    _index("deliveries", "webhook_id", "id")


_JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _text(name: str, *keys: sa.ForeignKey, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *keys, nullable=nullable, primary_key=primary_key)


def _integer(name: str, nullable: bool = False, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable, **options)


def _number(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _json(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _JSON, nullable=nullable)


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _each(column: Callable[..., sa.Column[Any]], *names: str, **options: Any) -> list[sa.Column[Any]]:
    return [column(name, **options) for name in names]


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _partial_index(name: str, table: str, columns: list[str], where: str, where_postgresql: str | None = None) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where_postgresql or where)
    )
