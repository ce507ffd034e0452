"""How many bytes the files of a project have, and of whom they are."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

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
from scene.store.sql.schema.pictures import is_reference

_OF_BASELINES = "z"
"""Behind every id of a run, whatever the collation."""


def sizes_of_runs(transaction: Transaction, project_id: str) -> dict[str | None, int]:
    """Bytes by the run that goes with them: the newest that shows them. None: what baselines have."""
    of_project = runs.c.project_id == project_id
    frozen = _frozen(project_id).cte("frozen")
    files = sa.union_all(
        sa.select(artifacts.c.sha256, artifacts.c.size, runs.c.id.label("run"))
        .join(executions, executions.c.id == artifacts.c.execution_id)
        .join(runs, runs.c.id == executions.c.run_id)
        .where(of_project),
        _files(frozen, sa.literal(_OF_BASELINES)),
        *(_files(shown, shown.c.run) for shown in _captured(of_project, frozen)),
    ).subquery()
    once = (
        sa.select(sa.func.max(files.c.size).label("size"), sa.func.max(files.c.run).label("run"))
        .group_by(files.c.sha256)
        .subquery()
    )
    query = sa.select(once.c.run, sa.func.sum(once.c.size).label("size")).group_by(once.c.run)
    return {None if row["run"] == _OF_BASELINES else row["run"]: int(row["size"]) for row in transaction.all(query)}


def _frozen(project_id: str) -> sa.CompoundSelect[Any]:
    """The pictures of baselines."""
    items = baseline_items.join(baselines, baselines.c.id == baseline_items.c.baseline_id)
    alternatives = items.join(baseline_alternatives, baseline_alternatives.c.item_id == baseline_items.c.id)
    return sa.union(
        *(
            sa.select(table.c.picture_sha256.label("picture"))
            .select_from(joined)
            .where(baselines.c.project_id == project_id)
            for table, joined in ((baseline_items, items), (baseline_alternatives, alternatives))
        )
    )


def _captured(of_project: sa.ColumnElement[bool], frozen: sa.CTE) -> Iterator[sa.Subquery]:
    """The pictures of runs, each with the newest: what was captured or is missing, and what of reference pages it was
    compared with. Without what baselines have: that is nearly all of it, and would have to be sorted."""
    shots = screenshots.join(runs, runs.c.id == screenshots.c.run_id)
    compared = shots.join(comparisons, comparisons.c.screenshot_id == screenshots.c.id)
    # A screenshot has one of both.
    own = sa.func.coalesce(screenshots.c.picture_sha256, screenshots.c.missing_sha256)
    of_reference = sa.and_(of_project, is_reference)
    for picture, joined, wanted in ((own, shots, of_project), (comparisons.c.against_sha256, compared, of_reference)):
        query = sa.select(picture.label("picture"), sa.func.max(runs.c.id).label("run")).select_from(joined)
        yield query.where(wanted, picture.not_in(sa.select(frozen.c.picture))).group_by(picture).subquery()


def _files(shown: sa.FromClause, run: sa.ColumnElement[str]) -> sa.Select[Any]:
    """The image and the thumbnail of each picture."""
    both = artifacts.c.id.in_([pictures.c.image_artifact_id, pictures.c.thumbnail_artifact_id])
    query = sa.select(artifacts.c.sha256, artifacts.c.size, run.label("run")).select_from(shown)
    return query.join(pictures, pictures.c.sha256 == shown.c.picture).join(artifacts, both)
