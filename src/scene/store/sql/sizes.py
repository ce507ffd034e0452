"""How many bytes the files of a project have, and of whom they are."""

import sqlalchemy as sa

from scene.domain.pictures import ComparisonKind
from scene.store.sql.database import Transaction
from scene.store.sql.schema import (
    artifacts,
    baseline_alternatives,
    baseline_items,
    baselines,
    comparisons,
    executions,
    pictures,
    runs,
    screenshots,
)

_OF_BASELINES = "z"
"""Behind every id of a run, whatever the collation."""


def sizes_of_runs(transaction: Transaction, project_id: str) -> dict[str | None, int]:
    """Bytes by the run that goes with them: the newest that shows them. None: what baselines have."""
    of_project = runs.c.project_id == project_id
    captured = screenshots.join(runs, runs.c.id == screenshots.c.run_id)
    compared = captured.join(comparisons, comparisons.c.screenshot_id == screenshots.c.id)
    frozen = baseline_items.join(baselines, baselines.c.id == baseline_items.c.baseline_id)
    alternatives = frozen.join(baseline_alternatives, baseline_alternatives.c.item_id == baseline_items.c.id)
    in_project = baselines.c.project_id == project_id
    reference = sa.and_(of_project, comparisons.c.kind == ComparisonKind.REFERENCE)
    last = sa.literal(_OF_BASELINES)
    shown = sa.union_all(
        sa.select(screenshots.c.picture_sha256.label("picture"), runs.c.id.label("run"))
        .select_from(captured)
        .where(of_project),
        sa.select(screenshots.c.missing_sha256, runs.c.id).select_from(captured).where(of_project),
        sa.select(comparisons.c.against_sha256, runs.c.id).select_from(compared).where(reference),
        sa.select(baseline_items.c.picture_sha256, last).select_from(frozen).where(in_project),
        sa.select(baseline_alternatives.c.picture_sha256, last).select_from(alternatives).where(in_project),
    ).subquery()
    files = sa.union_all(
        sa.select(artifacts.c.sha256, artifacts.c.size, runs.c.id.label("run"))
        .join(executions, executions.c.id == artifacts.c.execution_id)
        .join(runs, runs.c.id == executions.c.run_id)
        .where(of_project),
        sa.select(artifacts.c.sha256, artifacts.c.size, shown.c.run)
        .select_from(shown)
        .join(pictures, pictures.c.sha256 == shown.c.picture)
        .join(artifacts, artifacts.c.id.in_([pictures.c.image_artifact_id, pictures.c.thumbnail_artifact_id])),
    ).subquery()
    once = (
        sa.select(sa.func.max(files.c.size).label("size"), sa.func.max(files.c.run).label("run"))
        .group_by(files.c.sha256)
        .subquery()
    )
    query = sa.select(once.c.run, sa.func.sum(once.c.size).label("size")).group_by(once.c.run)
    return {None if row["run"] == _OF_BASELINES else row["run"]: int(row["size"]) for row in transaction.all(query)}
