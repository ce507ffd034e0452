"""The end of runs and baselines, with what nobody else shows.

A picture stays while a screenshot, a comparison, a baseline item or an alternative of one shows it. Its row is locked
before that is asked: who adds one of these holds the picture first, so that neither overtakes the other.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from scene.store.sql.database import Transaction, batched
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


def delete_runs(transaction: Transaction, condition: sa.ColumnElement[bool]) -> None:
    """Delete the runs that meet the condition, with all that they captured. None of them is active."""
    captured = screenshots.join(executions, executions.c.id == screenshots.c.execution_id).join(
        runs, runs.c.id == executions.c.run_id
    )
    shown = _values(transaction, screenshots.c.picture_sha256, captured, condition)
    shown += _values(transaction, screenshots.c.missing_sha256, captured, condition)
    compared = captured.join(comparisons, comparisons.c.screenshot_id == screenshots.c.id)
    shown += _values(transaction, comparisons.c.against_sha256, compared, condition)
    drawn = [
        artifact_id
        for column in (comparisons.c.diff_artifact_id, comparisons.c.heatmap_artifact_id)
        for artifact_id in _values(transaction, column, compared, condition)
    ]
    transaction.change(sa.delete(runs).where(condition))
    _delete_artifacts(transaction, drawn)
    _purge_pictures(transaction, shown)


def delete_baselines(transaction: Transaction, condition: sa.ColumnElement[bool]) -> None:
    """Delete the baselines that meet the condition. No run uses any of them."""
    frozen = baseline_items.join(baselines, baselines.c.id == baseline_items.c.baseline_id)
    shown = _values(transaction, baseline_items.c.picture_sha256, frozen, condition)
    others = frozen.join(baseline_alternatives, baseline_alternatives.c.item_id == baseline_items.c.id)
    shown += _values(transaction, baseline_alternatives.c.picture_sha256, others, condition)
    transaction.change(sa.delete(baselines).where(condition))
    _purge_pictures(transaction, shown)


def _values(
    transaction: Transaction, column: sa.Column[str], tables: sa.FromClause, condition: sa.ColumnElement[bool]
) -> list[str]:
    return transaction.values(sa.select(column).select_from(tables).where(condition, column.is_not(None)).distinct())


def _purge_pictures(transaction: Transaction, digests: Iterable[str]) -> None:
    for chunk in batched(sorted(set(digests))):
        among_these = pictures.c.sha256.in_(chunk)
        transaction.all(sa.select(pictures.c.sha256).where(among_these).order_by(pictures.c.sha256).with_for_update())
        unused = sa.and_(
            among_these,
            ~sa.exists().where(screenshots.c.picture_sha256 == pictures.c.sha256),
            ~sa.exists().where(screenshots.c.missing_sha256 == pictures.c.sha256),
            ~sa.exists().where(baseline_items.c.picture_sha256 == pictures.c.sha256),
            ~sa.exists().where(baseline_alternatives.c.picture_sha256 == pictures.c.sha256),
            ~sa.exists().where(comparisons.c.against_sha256 == pictures.c.sha256),
        )
        rows = transaction.all(sa.select(pictures).where(unused))
        transaction.change(sa.delete(pictures).where(pictures.c.sha256.in_([row["sha256"] for row in rows])))
        files = [row[name] for row in rows for name in ("image_artifact_id", "thumbnail_artifact_id")]
        _delete_artifacts(transaction, files)


def _delete_artifacts(transaction: Transaction, ids: Iterable[str]) -> None:
    for chunk in batched(sorted(set(ids))):
        transaction.change(sa.delete(artifacts).where(artifacts.c.id.in_(chunk)))
