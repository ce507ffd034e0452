"""What those who watch a run ask: its executions with the changed ones first, and its log."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.filters import ExecutionFilter
from scene.domain.progress import Backlog, RunEvent
from scene.domain.runs import Execution
from scene.domain.status import Status, Verdict
from scene.domain.viewport import Browser
from scene.store.sql.database import Transaction
from scene.store.sql.filtering import matching_executions
from scene.store.sql.paging import slice_of
from scene.store.sql.rows import execution_of
from scene.store.sql.schema import attempts, executions
from scene.store.sql.schema.runs import is_admitted, is_executing, is_queued, is_waiting
from scene.store.values import Slice, SliceRequest

# A place is one number: the rank of the task, its first position, the position of the execution.
_TASKS = 10**7
_RANKS = _TASKS * _TASKS

_RANK = sa.case(
    (executions.c.verdict.in_([Verdict.CHANGED, Verdict.MISSING]), 0),
    (executions.c.status == Status.FAILED, 1),
    (executions.c.verdict == Verdict.NO_BASELINE, 2),
    else_=3,
)


def changed_first(
    transaction: Transaction, run_id: str, request: SliceRequest, only: ExecutionFilter
) -> Slice[Execution]:
    """Task by task: those with a change, then those with a failure, without a baseline, and the others."""
    task: dict[str, Any] = {"partition_by": executions.c.task_id}
    first = sa.func.min(executions.c.position).over(**task)
    place = sa.func.min(_RANK).over(**task) * sa.literal(_RANKS, sa.BigInteger) + first * _TASKS + executions.c.position
    # Only keys are put in order; the rows themselves are read for one slice.
    placed = (
        sa.select(executions.c.id, sa.type_coerce(place, sa.BigInteger).label("place"))
        .where(executions.c.run_id == run_id, *matching_executions(only))
        .subquery()
    )
    query = sa.select(executions, placed.c.place).join(placed, placed.c.id == executions.c.id)
    rows, cursor = slice_of(transaction, query, placed.c.place, request, f"changed first {run_id} {only.digest()}")
    return Slice([execution_of(row) for row in rows], cursor)


def lately(transaction: Transaction, newest: int) -> list[Browser]:
    """The browsers of the newest executions, those of most first."""
    among = sa.select(executions.c.browser).order_by(executions.c.id.desc()).limit(newest).subquery()
    query = sa.select(among.c.browser).group_by(among.c.browser).order_by(sa.func.count().desc(), among.c.browser)
    return [Browser(name) for name in transaction.connection.execute(query).scalars()]


def log(transaction: Transaction, run_id: str, limit: int) -> list[RunEvent]:
    """The newest lines of the log of a run, newest first."""
    started = _events(transaction, run_id, attempts.c.started_at, limit)
    ended = _events(transaction, run_id, attempts.c.finished_at, limit)
    events = [_start_of(row) for row in started] + [_end_of(row) for row in ended]
    return sorted(events, key=lambda event: (event.at, event.attempt, event.status.ended, event.key), reverse=True)[
        :limit
    ]


def backlog(transaction: Transaction) -> list[Backlog]:
    """By the partial indexes of what waits and of what is admitted: history costs nothing."""
    columns = [executions.c.browser, executions.c.status, executions.c.created_at]
    under_way = sa.union_all(
        sa.select(*columns).where(is_waiting), sa.select(*columns).where(is_admitted, sa.or_(is_queued, is_executing))
    ).subquery()
    queued = under_way.c.status == Status.QUEUED
    query = sa.select(
        under_way.c.browser,
        sa.func.count().filter(queued).label("queued"),
        sa.func.count().filter(sa.not_(queued)).label("executing"),
        sa.func.min(under_way.c.created_at).filter(queued).label("oldest_queued_at"),
    )
    rows = transaction.all(query.group_by(under_way.c.browser).order_by(under_way.c.browser))
    return [Backlog.model_validate(dict(row)) for row in rows]


def _events(transaction: Transaction, run_id: str, at: sa.Column[Any], limit: int) -> Sequence[RowMapping]:
    query = (
        sa.select(
            at.label("at"),
            attempts.c.execution_id,
            attempts.c.number,
            attempts.c.status,
            attempts.c.reason,
            attempts.c.message,
            *(executions.c[name] for name in ("task_name", "browser", "viewport", "attempt")),
            *(executions.c[name] for name in ("verdict", "percent_changed")),
        )
        .join(executions, executions.c.id == attempts.c.execution_id)
        .where(executions.c.run_id == run_id, at.is_not(None))
    )
    return transaction.all(query.order_by(at.desc(), attempts.c.number.desc(), attempts.c.execution_id).limit(limit))


def _start_of(row: RowMapping) -> RunEvent:
    return RunEvent(
        **_common(row), status=Status.EXECUTING, reason=None, message="", verdict=None, percent_changed=None
    )


def _end_of(row: RowMapping) -> RunEvent:
    last = row["number"] == row["attempt"]
    return RunEvent(
        **_common(row),
        status=row["status"],
        reason=row["reason"],
        message=row["message"],
        verdict=row["verdict"] if last else None,
        percent_changed=row["percent_changed"] if last else None,
    )


def _common(row: RowMapping) -> dict[str, Any]:
    names = ("at", "execution_id", "task_name", "browser", "viewport")
    return {name: row[name] for name in names} | {"attempt": row["number"]}
