"""Runs that ran past their time."""

import sqlalchemy as sa

from scene.domain.status import Reason
from scene.store.sql.closing import close_as_failed, lock_runs
from scene.store.sql.database import Transaction
from scene.store.sql.giving_up import end_attempts, fail_executions
from scene.store.sql.outbox import Outbox
from scene.store.sql.schema import executions, runs
from scene.store.sql.schema.runs import is_active, run_is_active

_EXPIRED = "The run did not end within its time."


def expire(transaction: Transaction, outbox: Outbox) -> None:
    """End every run past its deadline: what is queued or executing in it fails."""
    for run in lock_runs(transaction, sa.and_(run_is_active, runs.c.deadline_at <= transaction.now)):
        query = sa.select(executions.c.id).where(executions.c.run_id == run["id"], is_active)
        ids = transaction.values(query.order_by(executions.c.id).with_for_update())
        end_attempts(transaction, ids, Reason.RUN_TIMEOUT, _EXPIRED)
        fail_executions(transaction, outbox, run["id"], ids, Reason.RUN_TIMEOUT, _EXPIRED)
        close_as_failed(transaction, outbox, run, Reason.RUN_TIMEOUT)
