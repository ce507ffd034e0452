"""Every table of the first version."""

import sqlalchemy as sa
from alembic import op

from scene.store.sql.migrations.columns import (
    JSON,
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

revision = "0001"
down_revision = None


def upgrade() -> None:
    _catalog()
    _batches()
    _baselines()
    _runs()
    _executions()
    _captures()
    _records()
    settings = sa.table("settings", sa.column("id"), sa.column("document", JSON), sa.column("version"))
    op.bulk_insert(settings, [{"id": 1, "document": {}, "version": 1}])


def _catalog() -> None:
    op.create_table(
        "projects",
        text("id", primary_key=True),
        *each(text, "name", "slug", "description"),
        text("base_url", nullable=True),
        *each(json, "capture", "dismissals", "allowed_hosts", "denied_hosts"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("slug"),
    )
    _auth_profiles()
    op.create_table(
        "pages",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        *each(text, "name", "url"),
        text("reference_url", nullable=True),
        json("preparatory_actions"),
        text("preparatory_js", nullable=True),
        text("auth_profile_id", sa.ForeignKey("auth_profiles.id"), nullable=True),
        *each(json, "headers", "expected_status"),
        flag("ignore_https_errors"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    index("pages", "project_id", "id")
    index("pages", "auth_profile_id")
    op.create_table(
        "tasks",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("page_id", sa.ForeignKey("pages.id")),
        text("name"),
        *each(json, "browsers", "viewports", "targets"),
        json("task_actions"),
        text("task_js", nullable=True),
        text("compare_with"),
        *each(json, "capture", "policy"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    index("tasks", "page_id")
    index("tasks", "project_id", "id")


def _auth_profiles() -> None:
    op.create_table(
        "auth_profiles",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("name"),
        json("parts"),
        *each(text, "sealed", "key_id"),
        text("login_task_id", nullable=True),
        integer("max_age_seconds"),
        *each(time, "checked_at", "expires_at", nullable=True),
        *each(text, "login_sealed", "login_key_id", "login_digest", "login_holder", nullable=True),
        time("login_lease_expires_at", nullable=True),
        json("login_failure", nullable=True),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    index("auth_profiles", "project_id", "id")
    index("auth_profiles", "login_task_id")


def _batches() -> None:
    op.create_table(
        "batches",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        *each(text, "name", "description"),
        json("baseline_policy"),
        text("jira_issue", nullable=True),
        *each(number, "execution_diff_threshold_percent", "run_diff_threshold_percent"),
        integer("version"),
        *each(time, "created_at", "updated_at"),
        sa.UniqueConstraint("project_id", "name"),
    )
    index("batches", "project_id", "id")
    op.create_table(
        "batch_tasks",
        text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
        integer("position", primary_key=True, autoincrement=False),
        text("task_id", sa.ForeignKey("tasks.id", ondelete="CASCADE")),
        flag("enabled"),
    )
    index("batch_tasks", "task_id")


def _baselines() -> None:
    op.create_table(
        "snapshots",
        text("digest", primary_key=True),
        json("document"),
    )
    op.create_table(
        "pictures",
        text("sha256", primary_key=True),
        *each(integer, "width", "height"),
        *each(text, "image_artifact_id", "thumbnail_artifact_id"),
    )
    op.create_table(
        "baselines",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE")),
        *each(text, "line", "run_id"),
        text("parent_id", nullable=True),
        time("created_at"),
        *each(text, "created_by", "notes"),
        *each(integer, "items_total", "items_succeeded", "items_missing"),
    )
    index("baselines", "batch_id", "id")
    index("baselines", "batch_id", "line", "id")
    index("baselines", "project_id", "id")
    op.create_table(
        "baseline_items",
        text("id", primary_key=True),
        text("baseline_id", sa.ForeignKey("baselines.id", ondelete="CASCADE")),
        integer("position"),
        *each(text, "task_id", "task_name", "browser", "viewport_key", "target"),
        text("picture_sha256", sa.ForeignKey("pictures.sha256")),
        *each(json, "renderer", "masks"),
        text("snapshot_digest", sa.ForeignKey("snapshots.digest")),
        sa.UniqueConstraint("baseline_id", "position"),
        sa.UniqueConstraint("baseline_id", "task_id", "browser", "viewport_key", "target"),
    )
    index("baseline_items", "picture_sha256")


def _runs() -> None:
    op.create_table(
        "runs",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE")),
        text("batch_id", sa.ForeignKey("batches.id", ondelete="CASCADE"), nullable=True),
        *each(text, "batch_name", "purpose"),
        text("baseline_id", sa.ForeignKey("baselines.id"), nullable=True),
        text("baseline_reason", nullable=True),
        json("task_ids", nullable=True),
        text("base_url", nullable=True),
        flag("from_reference"),
        json("variables"),
        *each(text, "rerun_of", "rerun", "idempotency_key", nullable=True),
        *each(text, "request_digest", "line"),
        *each(text, "parent_line", "jira_issue", nullable=True),
        text("note"),
        json("labels"),
        *each(text, "search_text", "requested_by"),
        *each(number, "execution_diff_threshold_percent", "run_diff_threshold_percent"),
        integer("priority"),
        integer("concurrency", nullable=True),
        time("deadline_at"),
        text("status"),
        *each(text, "reason", "verdict", nullable=True),
        json("summary", nullable=True),
        time("created_at"),
        *each(time, "started_at", "finished_at", nullable=True),
        sa.UniqueConstraint("idempotency_key"),
    )
    partial_index("ix_runs_active", "runs", ["deadline_at"], "status IN ('queued', 'executing')")
    index("runs", "baseline_id")
    index("runs", "batch_id", "id")
    index("runs", "project_id", "id")


def _executions() -> None:
    op.create_table(
        "executions",
        text("id", primary_key=True),
        text("run_id", sa.ForeignKey("runs.id", ondelete="CASCADE")),
        integer("position"),
        *each(text, "task_id", "task_name", "page_id", "page_name"),
        text("snapshot_digest", sa.ForeignKey("snapshots.digest")),
        text("browser"),
        json("viewport"),
        *each(text, "viewport_key", "status"),
        text("reason", nullable=True),
        text("message"),
        text("verdict", nullable=True),
        number("percent_changed", nullable=True),
        integer("changed_pixels", nullable=True),
        text("level", nullable=True),
        *each(flag, "reference_differs", "renderer_differs", nullable=True),
        integer("attempt"),
        flag("admitted"),
        text("worker", nullable=True),
        *each(time, "lease_expires_at", "not_before", nullable=True),
        time("created_at"),
        *each(time, "started_at", "finished_at", nullable=True),
        number("duration_ms", nullable=True),
        sa.UniqueConstraint("run_id", "position"),
    )
    partial_index("ix_executions_admitted", "executions", ["run_id"], "admitted IS 1", "admitted IS true")
    partial_index("ix_executions_leased", "executions", ["lease_expires_at"], "status = 'executing'")
    index("executions", "run_id", "status", "verdict")
    index("executions", "task_id", "run_id")
    partial_index(
        "ix_executions_waiting",
        "executions",
        ["run_id", "position"],
        "status = 'queued' AND admitted IS 0",
        "status = 'queued' AND admitted IS false",
    )
    partial_index("ix_executions_worker", "executions", ["worker"], "status = 'executing'")
    op.create_table(
        "attempts",
        text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE"), primary_key=True),
        integer("number", primary_key=True, autoincrement=False),
        *each(text, "worker", "status"),
        text("reason", nullable=True),
        text("message"),
        integer("exit_code", nullable=True),
        time("started_at"),
        time("finished_at", nullable=True),
        *each(json, "steps", "interventions", "timings_ms", "unloaded"),
    )


def _captures() -> None:
    op.create_table(
        "artifacts",
        text("id", primary_key=True),
        text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE"), nullable=True),
        integer("attempt", nullable=True),
        *each(text, "type", "name", "media_type", "sha256"),
        integer("size"),
        *each(integer, "width", "height", nullable=True),
        time("created_at"),
    )
    index("artifacts", "execution_id", "id")
    index("artifacts", "sha256")
    op.create_table(
        "screenshots",
        text("id", primary_key=True),
        text("execution_id", sa.ForeignKey("executions.id", ondelete="CASCADE")),
        text("run_id"),
        integer("position"),
        text("target"),
        *(text(name, sa.ForeignKey("pictures.sha256"), nullable=True) for name in ("picture_sha256", "missing_sha256")),
        json("renderer", nullable=True),
        json("masks"),
        flag("unstable"),
        json("unstable_area", nullable=True),
        integer("frames"),
        text("only_on", nullable=True),
        *each(text, "verdict", "change_fingerprint", nullable=True),
        sa.UniqueConstraint("execution_id", "position"),
    )
    index("screenshots", "missing_sha256")
    index("screenshots", "picture_sha256")
    index("screenshots", "run_id", "change_fingerprint", "id")
    op.create_table(
        "comparisons",
        text("id", primary_key=True),
        text("screenshot_id", sa.ForeignKey("screenshots.id", ondelete="CASCADE")),
        text("kind"),
        flag("decides"),
        text("baseline_item_id", sa.ForeignKey("baseline_items.id"), nullable=True),
        text("against_sha256", sa.ForeignKey("pictures.sha256")),
        *each(json, "policy", "masks", "stats"),
        integer("changed_pixels"),
        number("percent_changed"),
        *each(text, "verdict", "sentence"),
        json("renderer_differences"),
        flag("against_unstable"),
        *each(text, "diff_artifact_id", "heatmap_artifact_id", nullable=True),
        time("created_at"),
    )
    index("comparisons", "against_sha256")
    index("comparisons", "baseline_item_id")
    index("comparisons", "screenshot_id", "id")


def _records() -> None:
    op.create_table(
        "settings",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        json("document"),
        integer("version"),
    )
    op.create_table(
        "audit",
        text("id", primary_key=True),
        time("occurred_at"),
        *each(text, "actor_type", "actor_id"),
        *each(text, "address", "user_agent", nullable=True),
        text("action"),
        *each(json, "targets", "data"),
    )
    op.create_table(
        "webhooks",
        text("id", primary_key=True),
        text("project_id", sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=True),
        text("endpoint_url"),
        json("event_types"),
        flag("enabled"),
        json("custom_headers"),
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
        *each(time, "next_attempt_at", "created_at"),
    )
    partial_index("ix_deliveries_pending", "deliveries", ["next_attempt_at"], "status = 'pending'")
    index("deliveries", "webhook_id", "id")
