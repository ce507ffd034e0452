"""Rows of runs, executions and attempts as what they mean."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.reviews import Decision, ReviewCounts
from scene.domain.runs import Attempt, Execution, Run, RunSummary
from scene.domain.status import Status, Verdict
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import executions, screenshots

_RUN_FIELDS = [name for name in Run.model_fields if name not in ("summary", "reviews")]
_EXECUTION_FIELDS = list(Execution.model_fields)

_EMPTY = RunSummary()
_NOTHING_TO_REVIEW = ReviewCounts()


def run_of(row: RowMapping, summary: RunSummary = _EMPTY, reviews: ReviewCounts = _NOTHING_TO_REVIEW) -> Run:
    return Run(summary=summary, reviews=reviews, **{name: row[name] for name in _RUN_FIELDS})


def runs_of(transaction: Transaction, rows: Sequence[RowMapping]) -> list[Run]:
    """With their summaries."""
    counted = summaries(transaction, [row["id"] for row in rows if row["summary"] is None])
    reviewed = review_counts(transaction, [row["id"] for row in rows])
    return [
        run_of(row, counted.get(row["id"]) or RunSummary.model_validate(row["summary"]), reviewed[row["id"]])
        for row in rows
    ]


def execution_of(row: RowMapping) -> Execution:
    return Execution.model_validate({name: row[name] for name in _EXECUTION_FIELDS})


def attempt_of(row: RowMapping) -> Attempt:
    return Attempt.model_validate(dict(row))


def summaries(transaction: Transaction, run_ids: Sequence[str]) -> dict[str, RunSummary]:
    """How many executions of each run are where: one query, however many runs."""
    if not run_ids:
        return {}
    columns = (executions.c.run_id, executions.c.status, executions.c.verdict, executions.c.quarantined)
    query = sa.select(*columns, sa.func.count().label("count")).where(executions.c.run_id.in_(run_ids))
    counts: dict[str, list[RowMapping]] = {run_id: [] for run_id in run_ids}
    for row in transaction.all(query.group_by(*columns)):
        counts[row["run_id"]].append(row)
    return {run_id: _summary(found) for run_id, found in counts.items()}


def _summary(counts: Iterable[RowMapping]) -> RunSummary:
    totals = dict.fromkeys([*Status, *Verdict], 0)
    quarantined = 0
    for row in counts:
        if row["quarantined"]:
            quarantined += row["count"]
            continue
        totals[Status(row["status"])] += row["count"]
        if row["status"] == Status.FINISHED and row["verdict"] is not None:
            totals[Verdict(row["verdict"])] += row["count"]
    named = {str(name): count for name, count in totals.items() if name is not Verdict.MISSING}
    total = quarantined + sum(totals[status] for status in Status)
    return RunSummary(total=total, quarantined=quarantined, **named)


def review_counts(transaction: Transaction, run_ids: Sequence[str]) -> dict[str, ReviewCounts]:
    """How the screenshots of each run were decided: one query, however many runs."""
    waiting = sa.and_(screenshots.c.review == Decision.PENDING, screenshots.c.quarantine_id.is_not(None))
    columns = (screenshots.c.run_id, screenshots.c.review, waiting.label("set_aside"))
    found: dict[str, dict[str, int]] = {run_id: {} for run_id in run_ids}
    for chunk in batched(run_ids):
        query = sa.select(*columns, sa.func.count().label("count")).where(
            screenshots.c.run_id.in_(chunk), screenshots.c.review.is_not(None)
        )
        for row in transaction.all(query.group_by(*columns)):
            if not row["set_aside"]:
                found[row["run_id"]][row["review"]] = row["count"]
    return {run_id: ReviewCounts(**counts) for run_id, counts in found.items()}
