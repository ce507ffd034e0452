"""Which executions may start: caps, priority, fairness.

The lock of the settings row is the admission lock: who holds it is the only one to admit, so that no cap is ever
exceeded. It is the last lock that a transaction takes; executions that somebody else is moving are skipped, never
waited for, since their mover may be waiting for this lock (and admits after its move).
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.workers import WORKER_LABEL
from scene.store.sql import settings
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import executions, runs
from scene.store.sql.schema.runs import is_admitted, is_queued, is_waiting, run_is_active
from scene.store.sql.workers import labels_there
from scene.store.values import Admitted


@dataclass
class _Candidate:
    run_id: str
    priority: int
    cap: int | None
    held: int
    """How many of its executions are admitted or executing."""
    waiting: Iterator[RowMapping]
    label: str | None

    def __lt__(self, other: "_Candidate") -> bool:
        """Higher priority first, then who holds least, then the oldest run."""
        return (-self.priority, self.held, self.run_id) < (-other.priority, other.held, other.run_id)

    @property
    def has_room(self) -> bool:
        return self.cap is None or self.held < self.cap


def admit(transaction: Transaction) -> list[Admitted]:
    """Admit what caps, priority and fairness allow; what is returned deserves jobs once this is committed."""
    cap = settings.current(transaction, lock=True).concurrency
    held = _held(transaction)
    free = cap - sum(held.values())
    if free <= 0:
        return []
    candidates = _candidates(transaction, held, free)
    heapq.heapify(candidates)
    admitted: list[Admitted] = []
    while candidates and len(admitted) < free:
        candidate = heapq.heappop(candidates)
        row = next(candidate.waiting, None)
        if row is None:
            continue
        admitted.append(Admitted(row["id"], row["attempt"] + 1, row["browser"], candidate.priority, candidate.label))
        candidate.held += 1
        if candidate.has_room:
            heapq.heappush(candidates, candidate)
    for ids in batched([entry.execution_id for entry in admitted]):
        transaction.change(sa.update(executions).where(executions.c.id.in_(ids)).values(admitted=True))
    return admitted


def waiting_for_workers(transaction: Transaction) -> list[Admitted]:
    query = (
        sa.select(executions.c.id, executions.c.attempt, executions.c.browser, runs.c.priority, runs.c.labels)
        .join(runs, runs.c.id == executions.c.run_id)
        .where(is_admitted, is_queued)
        .order_by(runs.c.priority.desc(), executions.c.run_id, executions.c.position)
    )
    return [
        Admitted(row["id"], row["attempt"] + 1, row["browser"], row["priority"], row["labels"].get(WORKER_LABEL))
        for row in transaction.all(query)
    ]


def _held(transaction: Transaction) -> dict[str, int]:
    query = sa.select(executions.c.run_id, sa.func.count().label("held")).where(is_admitted)
    return {row["run_id"]: row["held"] for row in transaction.all(query.group_by(executions.c.run_id))}


def _candidates(transaction: Transaction, held: dict[str, int], free: int) -> list[_Candidate]:
    """Every run that has room and something due."""
    # The first of each run by a scalar subquery: an EXISTS becomes a join, which PostgreSQL plans badly while its
    # statistics do not know of a queue that has just grown (measured: 2 s instead of 3 ms).
    waiting = sa.select(executions.c.id).where(executions.c.run_id == runs.c.id, *_due(transaction))
    first = waiting.order_by(executions.c.position).limit(1).scalar_subquery()
    query = sa.select(runs.c.id, runs.c.priority, runs.c.concurrency, runs.c.labels)
    rows = transaction.all(query.where(run_is_active, first.is_not(None)))
    if any(WORKER_LABEL in row["labels"] for row in rows):
        # What no worker can take would hold its place, and keep others from theirs.
        there = {None, *labels_there(transaction)}
        rows = [row for row in rows if row["labels"].get(WORKER_LABEL) in there]
    chunk = free // max(1, len(rows)) + 1
    found = [
        _Candidate(
            row["id"],
            row["priority"],
            row["concurrency"],
            held.get(row["id"], 0),
            _in_order(transaction, row["id"], chunk),
            row["labels"].get(WORKER_LABEL),
        )
        for row in rows
    ]
    return [candidate for candidate in found if candidate.has_room]


def _due(transaction: Transaction) -> tuple[sa.ColumnElement[bool], ...]:
    return is_waiting, sa.or_(executions.c.not_before.is_(None), executions.c.not_before <= transaction.now)


def _in_order(transaction: Transaction, run_id: str, chunk: int) -> Iterator[RowMapping]:
    """What of a run is due, first come first, read as far as it is asked for."""
    position = -1
    query = sa.select(executions.c.id, executions.c.attempt, executions.c.browser, executions.c.position)
    query = query.where(executions.c.run_id == run_id, *_due(transaction)).order_by(executions.c.position)
    while rows := transaction.all(
        query.where(executions.c.position > position).limit(chunk).with_for_update(skip_locked=True)
    ):
        yield from rows
        position = rows[-1]["position"]
