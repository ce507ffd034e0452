"""What the newest comparisons came to, over many runs at once. How much is read is bounded by the number of runs."""

from collections.abc import Collection

import sqlalchemy as sa

from scene.domain.reviews import Decision
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.trends import PastExecution, Steadiness, TaskSteadiness
from scene.store.sql.database import Database
from scene.store.sql.schema import baseline_items, baselines, executions, runs, screenshots

_NEVER_STOOD_STILL = sa.exists().where(screenshots.c.execution_id == executions.c.id, screenshots.c.unstable.is_(True))
_ENDED_COMPARISON = sa.exists().where(
    runs.c.id == executions.c.run_id,
    runs.c.purpose == Purpose.COMPARISON,
    runs.c.status.in_([Status.FINISHED, Status.FAILED]),
)
_APPROVED = (
    screenshots.c.execution_id == executions.c.id,
    screenshots.c.verdict == Verdict.CHANGED,
    screenshots.c.review == Decision.APPROVED,
)
_WAS_APPROVED = sa.exists().where(*_APPROVED)
_WAS_APPROVED_BACK = sa.exists().where(
    *_APPROVED,
    baseline_items.c.picture_sha256 == screenshots.c.picture_sha256,
    baseline_items.c.target == screenshots.c.target,
    *(baseline_items.c[name] == executions.c[name] for name in ("task_id", "browser", "viewport_key")),
    baselines.c.id == baseline_items.c.baseline_id,
    baselines.c.created_at < executions.c.created_at,
)
_ASKED = {
    "unstable": _NEVER_STOOD_STILL,
    "approved": _WAS_APPROVED,
    "approved_back": _WAS_APPROVED_BACK,
}
"""What the row of an execution does not say by itself."""
_OWN = [executions.c[name] for name in PastExecution.model_fields if name not in ("created_at", "baseline_id", *_ASKED)]


class SqlTrends:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_task(self, task_id: str, newest: int) -> list[PastExecution]:
        own = executions.c.task_id == task_id
        column = executions.c.run_id
        recent = sa.select(column).where(own, _ENDED_COMPARISON).distinct().order_by(column.desc()).limit(newest)
        with self._database.read() as transaction:
            ids = transaction.values(recent)
            query = (
                sa.select(
                    *_OWN,
                    runs.c.created_at,
                    runs.c.baseline_id,
                    *(condition.label(name) for name, condition in _ASKED.items()),
                )
                .join(runs, runs.c.id == column)
                .where(own, column.in_(ids))
                .order_by(column, executions.c.position)
            )
            return [PastExecution.model_validate(dict(row)) for row in transaction.all(query)]

    def of_runs(self, run_ids: Collection[str]) -> list[TaskSteadiness]:
        unstable = sa.or_(_NEVER_STOOD_STILL, sa.func.coalesce(executions.c.reason, "") == Reason.UNSTABLE)
        query = (
            sa.select(
                executions.c.task_id,
                sa.func.max(executions.c.task_name).label("task_name"),
                sa.func.count().label("executions"),
                _count(executions.c.verdict == Verdict.CHANGED).label("changed"),
                _count(executions.c.status == Status.FAILED).label("failed"),
                _count(executions.c.attempt > 1).label("retried"),
                _count(unstable).label("unstable"),
                _count(_WAS_APPROVED).label("approved"),
                _count(_WAS_APPROVED_BACK).label("approved_back"),
            )
            .where(executions.c.run_id.in_(run_ids))
            .group_by(executions.c.task_id)
        )
        with self._database.read() as transaction:
            rows = [dict(row) for row in transaction.all(query)]
        return [TaskSteadiness(row.pop("task_id"), row.pop("task_name"), Steadiness(**row)) for row in rows]


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0)).cast(sa.Integer)
