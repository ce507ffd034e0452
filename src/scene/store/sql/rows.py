"""Rows of runs, executions and attempts as what they mean."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.runs import Attempt, Execution, Run, RunSummary
from scene.domain.status import Status, Verdict
from scene.store.sql.database import Transaction
from scene.store.sql.schema import executions

_RUN_FIELDS = [name for name in Run.model_fields if name != "summary"]
_EXECUTION_FIELDS = list(Execution.model_fields)

_EMPTY = RunSummary()


def run_of(row: RowMapping, summary: RunSummary = _EMPTY) -> Run:
    return Run(summary=summary, **{name: row[name] for name in _RUN_FIELDS})


def runs_of(transaction: Transaction, rows: Sequence[RowMapping]) -> list[Run]:
    """With their summaries."""
    counted = summaries(transaction, [row["id"] for row in rows if row["summary"] is None])
    return [run_of(row, counted.get(row["id"]) or RunSummary.model_validate(row["summary"])) for row in rows]


def execution_of(row: RowMapping) -> Execution:
    return Execution.model_validate({name: row[name] for name in _EXECUTION_FIELDS})


def attempt_of(row: RowMapping) -> Attempt:
    return Attempt.model_validate(dict(row))


def summaries(transaction: Transaction, run_ids: Sequence[str]) -> dict[str, RunSummary]:
    """How many executions of each run are where: one query, however many runs."""
    if not run_ids:
        return {}
    columns = (executions.c.run_id, executions.c.status, executions.c.verdict)
    query = sa.select(*columns, sa.func.count().label("count")).where(executions.c.run_id.in_(run_ids))
    counts: dict[str, list[tuple[str, str | None, int]]] = {run_id: [] for run_id in run_ids}
    for row in transaction.all(query.group_by(*columns)):
        counts[row["run_id"]].append((row["status"], row["verdict"], row["count"]))
    return {run_id: _summary(found) for run_id, found in counts.items()}


def _summary(counts: Iterable[tuple[str, str | None, int]]) -> RunSummary:
    totals = dict.fromkeys([*Status, *Verdict], 0)
    for status, verdict, count in counts:
        totals[Status(status)] += count
        if status == Status.FINISHED and verdict is not None:
            totals[Verdict(verdict)] += count
    named = {str(name): count for name, count in totals.items() if name is not Verdict.MISSING}
    return RunSummary(total=sum(totals[status] for status in Status), **named)
