"""Leases: a worker that lives renews them; what a dead one held is taken over."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.status import Reason
from scene.store.sql import settings
from scene.store.sql.closing import close_if_done, lock_runs
from scene.store.sql.database import Database, Transaction
from scene.store.sql.giving_up import end_attempts, fail_executions
from scene.store.sql.outbox import Outbox
from scene.store.sql.retrying import queue_again, reasons_to_retry
from scene.store.sql.schema import executions, runs
from scene.store.sql.schema.runs import is_executing
from scene.store.values import Held

_STILL_FRESH = 0.8
"""A lease with more than this share of its time left is not written again: most polls then only read."""

_LOST = "The worker was lost: it stopped renewing its lease."
_ENDED = "The worker was stopped before this was done."


def renew(database: Database, worker: str, lease_seconds: float, held: Collection[tuple[str, int]]) -> Held:
    columns = [executions.c[name] for name in ("id", "attempt", "lease_expires_at", "stop_requested_at")]
    wanted = sa.select(*columns).where(
        executions.c.worker == worker, is_executing, executions.c.id.in_([execution_id for execution_id, _ in held])
    )
    with database.read() as transaction:
        rows = _of(held, transaction.all(wanted))
        fresh = timedelta(seconds=lease_seconds * _STILL_FRESH), timedelta(seconds=lease_seconds)
        left = [row["lease_expires_at"] - transaction.now for row in rows]
    # One that lasts longer than a lease comes from a clock that has been put back since.
    if all(fresh[0] < each <= fresh[1] for each in left):
        return _held(rows)
    with database.write() as transaction:
        rows = _of(held, transaction.all(wanted.order_by(executions.c.id).with_for_update()))
        expires_at = transaction.now + timedelta(seconds=lease_seconds)
        renewed = sa.update(executions).where(executions.c.id.in_([row["id"] for row in rows]))
        transaction.change(renewed.values(lease_expires_at=expires_at))
    return _held(rows)


def _of(held: Collection[tuple[str, int]], rows: Sequence[RowMapping]) -> list[RowMapping]:
    return [row for row in rows if (row["id"], row["attempt"]) in held]


def _held(rows: Sequence[RowMapping]) -> Held:
    return Held(
        wanted={(row["id"], row["attempt"]) for row in rows},
        ending={(row["id"], row["attempt"]) for row in rows if row["stop_requested_at"] is not None},
    )


def take_over(transaction: Transaction, outbox: Outbox, everything: bool) -> None:
    """Give up attempts whose lease ran out: queue their executions again while they have attempts left."""
    ran_out = executions.c.lease_expires_at <= transaction.now
    _give_up(transaction, outbox, is_executing if everything else sa.and_(is_executing, ran_out), _LOST)


def hand_back(transaction: Transaction, outbox: Outbox, worker: str) -> None:
    """The same for what a worker that ends in order has not finished."""
    _give_up(transaction, outbox, sa.and_(is_executing, executions.c.worker == worker), _ENDED)


def _give_up(transaction: Transaction, outbox: Outbox, lost: sa.ColumnElement[bool], message: str) -> None:
    # Not DISTINCT: for that SQLite would read every execution there ever was, in the order of their runs.
    run_ids = set(transaction.values(sa.select(executions.c.run_id).where(lost)))
    if not run_ids:
        return
    current = settings.current(transaction)
    for run in lock_runs(transaction, runs.c.id.in_(run_ids)):
        query = sa.select(executions).where(executions.c.run_id == run["id"], lost)
        rows = transaction.all(query.order_by(executions.c.id).with_for_update())
        end_attempts(transaction, [row["id"] for row in rows], Reason.WORKER_LOST, message)
        again = [row for row in rows if Reason.WORKER_LOST in reasons_to_retry(current, run, row)]
        held = [(row["id"], row["attempt"]) for row in again]
        queue_again(transaction, outbox, run["id"], current, Reason.WORKER_LOST, held)
        used_up = [row["id"] for row in rows if row not in again]
        fail_executions(transaction, outbox, run["id"], used_up, Reason.WORKER_LOST, message)
        close_if_done(transaction, outbox, run)
