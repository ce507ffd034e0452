"""Another attempt for executions whose last one failed."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from scene.domain.records import EventType
from scene.domain.retries import backoff_seconds
from scene.domain.settings import Settings
from scene.domain.status import Purpose, Reason, Status
from scene.store.sql.database import Transaction
from scene.store.sql.outbox import Outbox
from scene.store.sql.schema import executions

_CHANCE = random.SystemRandom()


def reasons_to_retry(settings: Settings, run: Any, execution: Any) -> frozenset[Reason]:
    """For which reasons the execution is tried again when the attempt that it is in fails. Rows of both."""
    if execution["attempt"] >= settings.attempts or execution["no_retry"] or run["stop_reason"] is not None:
        return frozenset()
    retried = frozenset(settings.retry_reasons)
    # Somebody waits for the answer of a dry run, and wants to see the first one.
    return retried & {Reason.WORKER_LOST} if run["purpose"] == Purpose.DRY_RUN else retried


def queue_again(
    transaction: Transaction,
    outbox: Outbox,
    run_id: str,
    settings: Settings,
    reason: Reason,
    failed: Sequence[tuple[str, int]],
) -> None:
    """failed: executions with the number of the attempt that failed. Each waits for a time of its own.

    One whose worker was lost does not wait: nothing is known to be wrong with its page.
    """
    for execution_id, attempt in failed:
        wait = (
            0.0
            if reason is Reason.WORKER_LOST
            else backoff_seconds(
                attempt, settings.retry_backoff_seconds, settings.retry_backoff_max_seconds, _CHANCE.random()
            )
        )
        values = {
            "status": Status.QUEUED,
            "admitted": False,
            "worker": None,
            "lease_expires_at": None,
            "not_before": transaction.now + timedelta(seconds=wait),
        }
        transaction.change(sa.update(executions).where(executions.c.id == execution_id).values(values))
    outbox.tell_executions(EventType.TASK_RETRY_ENQUEUED, run_id, [execution_id for execution_id, _ in failed])
