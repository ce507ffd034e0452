"""Baselines, and what was captured and compared: pictures, screenshots, comparisons, artifacts."""

import sqlalchemy as sa

from scene.store.sql.schema.columns import (
    flag,
    id_,
    integer,
    json,
    metadata,
    number,
    optional_text,
    owned_by,
    refers_to,
    text,
    time,
)
from scene.store.sql.types import PlainText

artifacts = sa.Table(
    "artifacts",
    metadata,
    id_(),
    owned_by("execution_id", "executions.id", nullable=True),
    integer("attempt", nullable=True),
    text("type"),
    text("name"),
    text("media_type"),
    text("sha256"),
    integer("size"),
    integer("width", nullable=True),
    integer("height", nullable=True),
    time("created_at"),
    sa.Index(None, "execution_id", "id"),
    sa.Index(None, "sha256"),
)

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("sha256", PlainText, primary_key=True),
    integer("width"),
    integer("height"),
    text("image_artifact_id"),
    text("thumbnail_artifact_id"),
)

baselines = sa.Table(
    "baselines",
    metadata,
    id_(),
    owned_by("project_id", "projects.id"),
    owned_by("batch_id", "batches.id"),
    text("line"),
    # Not a foreign key: a baseline outlives the run it came from.
    text("run_id"),
    optional_text("parent_id"),
    time("created_at"),
    text("created_by"),
    text("notes"),
    integer("items_total"),
    integer("items_succeeded"),
    integer("items_missing"),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "batch_id", "id"),
    sa.Index(None, "batch_id", "line", "id"),
)

baseline_items = sa.Table(
    "baseline_items",
    metadata,
    id_(),
    owned_by("baseline_id", "baselines.id"),
    integer("position"),
    text("task_id"),
    text("task_name"),
    text("browser"),
    text("viewport_key"),
    text("target"),
    refers_to("picture_sha256", "pictures.sha256"),
    json("renderer"),
    json("masks"),
    refers_to("snapshot_digest", "snapshots.digest"),
    sa.UniqueConstraint("baseline_id", "position"),
    sa.UniqueConstraint("baseline_id", "task_id", "browser", "viewport_key", "target"),
    sa.Index(None, "picture_sha256"),
)

screenshots = sa.Table(
    "screenshots",
    metadata,
    id_(),
    owned_by("execution_id", "executions.id"),
    # The execution's: what changed in the same way is asked within a run.
    text("run_id"),
    integer("position"),
    text("target"),
    refers_to("picture_sha256", "pictures.sha256", nullable=True),
    refers_to("missing_sha256", "pictures.sha256", nullable=True),
    json("renderer", nullable=True),
    json("masks"),
    flag("unstable"),
    json("unstable_area", nullable=True),
    integer("frames"),
    optional_text("only_on"),
    optional_text("verdict"),
    # Of the newest comparison that decides, where it says that something changed.
    optional_text("change_fingerprint"),
    sa.UniqueConstraint("execution_id", "position"),
    sa.Index(None, "run_id", "change_fingerprint", "id"),
    sa.Index(None, "picture_sha256"),
    sa.Index(None, "missing_sha256"),
)

comparisons = sa.Table(
    "comparisons",
    metadata,
    id_(),
    owned_by("screenshot_id", "screenshots.id"),
    text("kind"),
    flag("decides"),
    refers_to("baseline_item_id", "baseline_items.id", nullable=True),
    refers_to("against_sha256", "pictures.sha256"),
    json("policy"),
    json("masks"),
    json("stats"),
    integer("changed_pixels"),
    number("percent_changed"),
    text("verdict"),
    text("sentence"),
    json("renderer_differences"),
    flag("against_unstable"),
    optional_text("diff_artifact_id"),
    optional_text("heatmap_artifact_id"),
    time("created_at"),
    sa.Index(None, "screenshot_id", "id"),
    sa.Index(None, "baseline_item_id"),
    sa.Index(None, "against_sha256"),
)
