"""The start of an attempt."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import EventType
from scene.domain.runs import ConfigurationSnapshot
from scene.domain.status import Purpose, Status
from scene.store.sql import settings
from scene.store.sql.baselines import items_of
from scene.store.sql.closing import lock_runs
from scene.store.sql.database import Transaction
from scene.store.sql.outbox import Outbox
from scene.store.sql.retrying import reasons_to_retry
from scene.store.sql.rows import execution_of, runs_of
from scene.store.sql.schema import attempts, executions, runs, snapshots
from scene.store.sql.schema.runs import is_admitted, is_queued
from scene.store.sql.types import UtcTime
from scene.store.values import Work


def start(
    transaction: Transaction, outbox: Outbox, execution_id: str, attempt: int, worker: str, lease_seconds: float
) -> Work | None:
    """Move queued -> executing; None when the attempt is not admitted, or not the next one."""
    found = transaction.first(sa.select(executions.c.run_id).where(executions.c.id == execution_id))
    if found is None:
        return None
    locked = lock_runs(transaction, runs.c.id == found["run_id"])
    if not locked or not _move(transaction, execution_id, attempt, worker, lease_seconds):
        return None
    transaction.insert(
        attempts,
        [
            {
                "execution_id": execution_id,
                "number": attempt,
                "worker": worker,
                "status": Status.EXECUTING,
                "message": "",
                "started_at": transaction.now,
                "steps": [],
                "interventions": [],
                "timings_ms": {},
                "unloaded": [],
            }
        ],
    )
    if locked[0]["status"] == Status.QUEUED:
        values = {"status": Status.EXECUTING, "started_at": transaction.now}
        transaction.change(sa.update(runs).where(runs.c.id == found["run_id"]).values(values))
        outbox.tell_run(EventType.RUN_STARTED, found["run_id"])
    outbox.tell_executions(EventType.TASK_STARTED, found["run_id"], [execution_id])
    return _work(transaction, found["run_id"], execution_id)


def _move(transaction: Transaction, execution_id: str, attempt: int, worker: str, lease_seconds: float) -> bool:
    move = sa.update(executions).where(
        executions.c.id == execution_id, executions.c.attempt == attempt - 1, is_queued, is_admitted
    )
    values = {
        "status": Status.EXECUTING,
        "attempt": attempt,
        "worker": worker,
        "lease_expires_at": transaction.now + timedelta(seconds=lease_seconds),
        "started_at": sa.func.coalesce(executions.c.started_at, sa.literal(transaction.now, UtcTime)),
    }
    return transaction.change(move.values(values)) == 1


def _work(transaction: Transaction, run_id: str, execution_id: str) -> Work:
    run = _one(transaction, sa.select(runs).where(runs.c.id == run_id))
    execution = _one(transaction, sa.select(executions).where(executions.c.id == execution_id))
    document = transaction.value(
        sa.select(snapshots.c.document).where(snapshots.c.digest == execution["snapshot_digest"])
    )
    compares = run["purpose"] != Purpose.BASELINE_RECORDING and run["baseline_id"] is not None
    return Work(
        run=runs_of(transaction, [run])[0],
        execution=execution_of(execution),
        snapshot=ConfigurationSnapshot.model_validate(document),
        baseline_items=items_of(transaction, run["baseline_id"], execution) if compares else [],
        retried_for=reasons_to_retry(settings.current(transaction), run, execution),
    )


def _one(transaction: Transaction, query: sa.Select[Any]) -> RowMapping:
    return transaction.connection.execute(query).mappings().one()
