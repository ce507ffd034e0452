"""The end of a run: with its last execution, or at its deadline."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import EventType
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.verdict import worst
from scene.store.sql.database import Transaction
from scene.store.sql.outbox import Outbox
from scene.store.sql.recording import record_baseline
from scene.store.sql.rows import summaries
from scene.store.sql.schema import executions, runs
from scene.store.sql.schema.runs import is_active, run_is_active


def lock_runs(transaction: Transaction, condition: sa.ColumnElement[bool]) -> list[RowMapping]:
    """The runs that meet the condition: nobody else moves them or their executions until this transaction ends."""
    return list(transaction.all(sa.select(runs).where(condition).order_by(runs.c.id).with_for_update()))


def close_if_done(transaction: Transaction, outbox: Outbox, run: RowMapping) -> None:
    """End a run when none of its executions is queued or executing any more. The run is locked."""
    active = sa.select(executions.c.id).where(executions.c.run_id == run["id"], is_active).limit(1)
    if transaction.first(active) is not None:
        return
    if run["stop_reason"] is not None:
        close_as_failed(transaction, outbox, run, Reason(run["stop_reason"]))
        return
    query = sa.select(executions.c.status, executions.c.verdict).where(executions.c.run_id == run["id"]).distinct()
    ends = transaction.all(query)
    statuses = {Status(row["status"]) for row in ends}
    finished = Status.FINISHED in statuses
    reason = None if finished else _commonest_reason(transaction, run["id"])
    _end(transaction, run, Status.FINISHED if finished else Status.FAILED, reason)
    if run["purpose"] == Purpose.BASELINE_RECORDING and statuses == {Status.FINISHED}:
        baseline = record_baseline(transaction, run)
        outbox.tell_run(EventType.BASELINE_FINALIZED, run["id"], baseline)
    outbox.tell_run(EventType.RUN_FINISHED, run["id"])


def close_as_failed(transaction: Transaction, outbox: Outbox, run: RowMapping, reason: Reason) -> None:
    """End a run that was stopped or ran past its time. The run is locked, and nothing of it is active any more."""
    _end(transaction, run, Status.FAILED, reason)
    outbox.tell_run(EventType.RUN_FINISHED, run["id"])


def _end(transaction: Transaction, run: RowMapping, status: Status, reason: str | None) -> None:
    values: dict[str, Any] = {"status": status, "reason": reason, "finished_at": transaction.now}
    values |= outcome(transaction, run)
    transaction.change(sa.update(runs).where(runs.c.id == run["id"], run_is_active).values(values))


def outcome(transaction: Transaction, run: RowMapping) -> dict[str, Any]:
    """What the executions of a run come to: its verdict and its counts."""
    values: dict[str, Any] = {"summary": summaries(transaction, [run["id"]])[run["id"]].model_dump(mode="json")}
    if run["purpose"] != Purpose.BASELINE_RECORDING:
        query = sa.select(executions.c.verdict).where(
            executions.c.run_id == run["id"],
            executions.c.status == Status.FINISHED,
            executions.c.quarantined.is_(sa.false()),
        )
        values["verdict"] = worst(Verdict(found) for found in transaction.values(query.distinct()) if found)
    return values


def _commonest_reason(transaction: Transaction, run_id: str) -> str | None:
    """Why nothing of a run finished."""
    query = sa.select(executions.c.reason).where(executions.c.run_id == run_id, executions.c.reason.is_not(None))
    ranked = query.group_by(executions.c.reason).order_by(sa.func.count().desc(), executions.c.reason)
    reason = transaction.value(ranked.limit(1))
    return None if reason is None else str(reason)
