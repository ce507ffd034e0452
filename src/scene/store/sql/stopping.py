"""Stopping executions and runs."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import Actor
from scene.domain.status import Status
from scene.domain.stopping import Stop, StopMode
from scene.errors import NotFound
from scene.store.sql.audit import record
from scene.store.sql.closing import close_if_done, lock_runs
from scene.store.sql.database import Transaction, batched
from scene.store.sql.giving_up import end_attempts, fail_executions
from scene.store.sql.outbox import Outbox
from scene.store.sql.schema import executions, runs
from scene.store.sql.schema.runs import is_active, run_is_active


def stop_run(transaction: Transaction, outbox: Outbox, run_id: str, mode: StopMode, by: Actor) -> Stop:
    """Nothing is changed when it has ended, or when it was stopped like this before. Raises NotFound."""
    locked = lock_runs(transaction, runs.c.id == run_id)
    if not locked:
        raise NotFound.of("run", run_id)
    run = locked[0]
    if Status(run["status"]).ended or run["stop_reason"] == mode.reason:
        return Stop()
    values = {"stop_reason": mode.reason, "stop_requested_at": transaction.now}
    transaction.change(sa.update(runs).where(runs.c.id == run_id, run_is_active).values(values))
    stop = _stop(transaction, outbox, run_id, _active(transaction, executions.c.run_id == run_id), mode)
    record(transaction, by, "run.stopped", [f"run:{run_id}"], _told(stop, mode))
    close_if_done(transaction, outbox, lock_runs(transaction, runs.c.id == run_id)[0])
    return stop


def stop_execution(transaction: Transaction, outbox: Outbox, execution_id: str, mode: StopMode, by: Actor) -> Stop:
    """Nothing is changed when it has ended, or was asked to end softly before. Raises NotFound."""
    run_id = transaction.value(sa.select(executions.c.run_id).where(executions.c.id == execution_id))
    locked = lock_runs(transaction, runs.c.id == run_id) if run_id is not None else []
    if not locked:
        raise NotFound.of("execution", execution_id)
    stop = _stop(transaction, outbox, run_id, _active(transaction, executions.c.id == execution_id), mode)
    if stop.changed:
        record(transaction, by, "execution.stopped", [f"execution:{execution_id}", f"run:{run_id}"], _told(stop, mode))
        close_if_done(transaction, outbox, locked[0])
    return stop


def _active(transaction: Transaction, which: sa.ColumnElement[bool]) -> Sequence[RowMapping]:
    columns = (executions.c.id, executions.c.status, executions.c.stop_requested_at)
    return transaction.all(sa.select(*columns).where(which, is_active).order_by(executions.c.id).with_for_update())


def _stop(transaction: Transaction, outbox: Outbox, run_id: str, rows: Sequence[RowMapping], mode: StopMode) -> Stop:
    """The run is locked: nothing of it starts or ends meanwhile."""
    executing = [row for row in rows if row["status"] == Status.EXECUTING]
    asked: list[str] = []
    if mode is StopMode.SOFT:
        asked = [row["id"] for row in executing if row["stop_requested_at"] is None]
        ended = [row["id"] for row in rows if row["status"] == Status.QUEUED]
    else:
        ended = [row["id"] for row in rows]
        end_attempts(transaction, [row["id"] for row in executing], mode.reason, mode.message)
    for chunk in batched([*asked, *ended]):
        marked = sa.update(executions).where(executions.c.id.in_(chunk), executions.c.stop_requested_at.is_(None))
        transaction.change(marked.values(stop_requested_at=transaction.now, no_retry=True))
    fail_executions(transaction, outbox, run_id, ended, mode.reason, mode.message)
    return Stop(ended=len(ended), asked=len(asked))


def _told(stop: Stop, mode: StopMode) -> dict[str, object]:
    return {"mode": str(mode), "ended": stop.ended, "asked": stop.asked}
