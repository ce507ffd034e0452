"""The end of an attempt that its worker reports."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import EventType
from scene.domain.status import Purpose, Status
from scene.store.sql import artifacts, screenshots
from scene.store.sql import settings as configuration
from scene.store.sql.closing import close_if_done, lock_runs
from scene.store.sql.database import Transaction
from scene.store.sql.findings import NOTHING_FOUND, findings
from scene.store.sql.outbox import Outbox
from scene.store.sql.quarantining import InQuarantine, in_quarantine
from scene.store.sql.retrying import queue_again, reasons_to_retry
from scene.store.sql.schema import attempts, executions, runs
from scene.store.sql.schema.runs import is_executing
from scene.store.values import AttemptOutcome


def finish(transaction: Transaction, outbox: Outbox, execution_id: str, attempt: int, outcome: AttemptOutcome) -> bool:
    """Whether the attempt was the current one; when not, nothing is changed."""
    run_id = transaction.value(sa.select(executions.c.run_id).where(executions.c.id == execution_id))
    locked = lock_runs(transaction, runs.c.id == run_id) if run_id is not None else []
    if not locked:
        return False
    run = locked[0]
    move = sa.update(executions).where(executions.c.id == execution_id, executions.c.attempt == attempt, is_executing)
    finished = outcome.status is Status.FINISHED
    if _try_again(transaction, outbox, run, execution_id, attempt, outcome):
        return True
    values = _end(transaction, outcome) | NOTHING_FOUND
    quarantine = _quarantine(transaction, run, execution_id)
    if finished:
        counted = [shot for shot in outcome.screenshots if quarantine.of(shot.target) is None]
        values |= findings(run, counted, [shot for shot in outcome.screenshots if shot not in counted])
    else:
        values |= {"quarantined": quarantine.whole}
    if transaction.change(move.values(values)) == 0:
        return False
    _end_attempt(transaction, execution_id, attempt, outcome)
    screenshots.insert(transaction, run, execution_id, outcome.screenshots, quarantine)
    artifacts.insert(transaction, outcome.artifacts)
    outbox.tell_executions(EventType.TASK_FINISHED if finished else EventType.TASK_FAILED, run["id"], [execution_id])
    close_if_done(transaction, outbox, run)
    return True


def _try_again(
    transaction: Transaction,
    outbox: Outbox,
    run: RowMapping,
    execution_id: str,
    attempt: int,
    outcome: AttemptOutcome,
) -> bool:
    """Queue the execution again, when the attempt is the current one and failed for a reason that may be gone."""
    current = sa.select(executions).where(
        executions.c.id == execution_id, executions.c.attempt == attempt, is_executing
    )
    execution = transaction.first(current.with_for_update())
    if execution is None:
        return False
    settings = configuration.current(transaction)
    if outcome.reason is None or outcome.reason not in reasons_to_retry(settings, run, execution):
        return False
    _end_attempt(transaction, execution_id, attempt, outcome)
    artifacts.insert(transaction, outcome.artifacts)
    queue_again(transaction, outbox, run["id"], settings, outcome.reason, [(execution_id, attempt)])
    return True


def _quarantine(transaction: Transaction, run: RowMapping, execution_id: str) -> InQuarantine:
    """Nothing keeps a recording from having every picture."""
    if run["purpose"] == Purpose.BASELINE_RECORDING:
        return InQuarantine([])
    columns = [executions.c[name] for name in ("task_id", "browser", "viewport_key")]
    execution = transaction.first(sa.select(*columns).where(executions.c.id == execution_id))
    return in_quarantine(transaction, dict(execution)) if execution is not None else InQuarantine([])


def _end(transaction: Transaction, outcome: AttemptOutcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "reason": outcome.reason,
        "message": outcome.message,
        "admitted": False,
        "lease_expires_at": None,
        "finished_at": transaction.now,
        "duration_ms": outcome.duration_ms,
    }


def _end_attempt(transaction: Transaction, execution_id: str, attempt: int, outcome: AttemptOutcome) -> None:
    ended = sa.update(attempts).where(attempts.c.execution_id == execution_id, attempts.c.number == attempt)
    transaction.change(
        ended.values(
            status=outcome.status,
            reason=outcome.reason,
            message=outcome.message,
            exit_code=outcome.exit_code,
            finished_at=transaction.now,
            steps=[step.model_dump(mode="json") for step in outcome.steps],
            interventions=[each.model_dump(mode="json") for each in outcome.interventions],
            timings_ms=outcome.timings_ms,
            unloaded=outcome.unloaded,
        )
    )
