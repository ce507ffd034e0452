"""What Scene ends itself, without a result: attempts and executions of a run that is locked."""

from collections.abc import Sequence

import sqlalchemy as sa

from scene.domain.records import EventType
from scene.domain.status import Reason, Status
from scene.store.sql.database import Transaction, batched
from scene.store.sql.findings import NOTHING_FOUND
from scene.store.sql.outbox import Outbox
from scene.store.sql.schema import attempts, executions


def end_attempts(transaction: Transaction, execution_ids: Sequence[str], reason: Reason, message: str) -> None:
    """Fail the attempts that these executions are in."""
    values = {"status": Status.FAILED, "reason": reason, "message": message, "finished_at": transaction.now}
    for chunk in batched(execution_ids):
        current = sa.update(attempts).where(attempts.c.execution_id.in_(chunk), attempts.c.status == Status.EXECUTING)
        transaction.change(current.values(values))


def fail_executions(
    transaction: Transaction, outbox: Outbox, run_id: str, execution_ids: Sequence[str], reason: Reason, message: str
) -> None:
    """Fail executions for good."""
    values = {
        "status": Status.FAILED,
        "reason": reason,
        "message": message,
        **NOTHING_FOUND,
        "admitted": False,
        "lease_expires_at": None,
        "finished_at": transaction.now,
    }
    for chunk in batched(execution_ids):
        transaction.change(sa.update(executions).where(executions.c.id.in_(chunk)).values(values))
    outbox.tell_executions(EventType.TASK_FAILED, run_id, execution_ids)
