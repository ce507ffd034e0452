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
    text("kind", server_default="recording"),
    # Not a foreign key: a baseline outlives the run it came from.
    optional_text("run_id"),
    optional_text("parent_id"),
    # What it was made of beside its parent: the baseline that is current again, or that was carried to another line.
    optional_text("source_id"),
    optional_text("idempotency_key"),
    text("request_digest", server_default=""),
    time("created_at"),
    text("created_by"),
    text("notes"),
    integer("items_total"),
    integer("items_succeeded"),
    integer("items_missing"),
    # How it differs from its parent; none where nobody counted.
    json("changes", nullable=True),
    sa.Index(None, "project_id", "id"),
    sa.Index(None, "batch_id", "id"),
    sa.Index(None, "idempotency_key", unique=True),
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
    # Where the picture came from, however often it was copied from baseline to baseline since.
    json("origin", nullable=True),
    sa.UniqueConstraint("baseline_id", "position"),
    sa.UniqueConstraint("baseline_id", "task_id", "browser", "viewport_key", "target"),
    sa.Index(None, "picture_sha256"),
)

baseline_alternatives = sa.Table(
    "baseline_alternatives",
    metadata,
    owned_by("item_id", "baseline_items.id", primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    refers_to("picture_sha256", "pictures.sha256"),
    json("renderer"),
    json("masks"),
    json("origin", nullable=True),
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
    # The decision that counts now; none where there is nothing to decide. All of them are in reviews.
    optional_text("review"),
    sa.Column("review_version", sa.BigInteger, nullable=False, server_default="0"),
    # In quarantine when it was captured: shown, and counted in no verdict. Not a foreign key: this stays as it was.
    optional_text("quarantine_id"),
    sa.UniqueConstraint("execution_id", "position"),
    sa.Index(None, "run_id", "change_fingerprint", "id"),
    sa.Index(None, "picture_sha256"),
    sa.Index(None, "missing_sha256"),
)

_REVIEWED = screenshots.c.review.is_not(None)
sa.Index(
    "ix_screenshots_reviews",
    screenshots.c.run_id,
    screenshots.c.review,
    screenshots.c.quarantine_id,
    sqlite_where=_REVIEWED,
    postgresql_where=_REVIEWED,
)
_QUARANTINED = screenshots.c.quarantine_id.is_not(None)
sa.Index(
    "ix_screenshots_quarantined",
    screenshots.c.quarantine_id,
    screenshots.c.id,
    sqlite_where=_QUARANTINED,
    postgresql_where=_QUARANTINED,
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
    # Which of the alternatives of the baseline item it was compared with, from 0; none: its own picture.
    integer("alternative", nullable=True),
    optional_text("diff_artifact_id"),
    optional_text("heatmap_artifact_id"),
    time("created_at"),
    sa.Index(None, "screenshot_id", "id"),
    sa.Index(None, "baseline_item_id"),
    sa.Index(None, "against_sha256"),
)

is_reference = comparisons.c.kind == sa.literal_column("'reference'")
sa.Index(
    "ix_comparisons_reference",
    comparisons.c.screenshot_id,
    comparisons.c.against_sha256,
    sqlite_where=is_reference,
    postgresql_where=is_reference,
)
