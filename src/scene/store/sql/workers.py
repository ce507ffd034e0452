"""The registry of workers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.workers import SILENT_SECONDS, Worker, WorkerState
from scene.store.sql import settings
from scene.store.sql.database import Database, Transaction
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import executions, workers
from scene.store.sql.schema.runs import is_executing
from scene.store.values import Slice, SliceRequest
from scene.store.workers import Fleet

_KEPT: Final = timedelta(days=1)
"""How long one that fell silent is still told of."""


class SqlWorkers:
    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, state: WorkerState) -> Fleet:
        values = asdict(state) | {"browsers": list(state.browsers), "labels": list(state.labels)}
        with self._database.write() as transaction:
            values["heartbeat_at"] = transaction.now
            known = sa.update(workers).where(workers.c.id == state.id).values(values)
            if transaction.change(known) == 0:
                transaction.insert(workers, [values | {"started_at": transaction.now}])
                transaction.change(sa.delete(workers).where(workers.c.heartbeat_at < transaction.now - _KEPT))
            cap = settings.current(transaction).worker_concurrency
            there = [browser for each in _alive(transaction) if not each["draining"] for browser in each["browsers"]]
        return Fleet(cap, frozenset(there))

    def leave(self, worker_id: str) -> None:
        with self._database.write() as transaction:
            transaction.change(sa.delete(workers).where(workers.c.id == worker_id))

    def newest(self, request: SliceRequest) -> Slice[Worker]:
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, sa.select(workers), workers.c.id, request, "workers")
            carried = _carried_out(transaction, [row["id"] for row in rows])
            found = [_entity(transaction, row, carried[row["id"]]) for row in rows]
        return Slice(found, cursor)

    def alive(self) -> Sequence[Worker]:
        with self._database.read() as transaction:
            return [_entity(transaction, row, []) for row in _alive(transaction)]


def labels_there(transaction: Transaction) -> set[str]:
    """The labels of workers that take executions now."""
    return {label for each in _alive(transaction) if not each["draining"] for label in each["labels"]}


def _alive(transaction: Transaction) -> Sequence[RowMapping]:
    since = transaction.now - timedelta(seconds=SILENT_SECONDS)
    return transaction.all(sa.select(workers).where(workers.c.heartbeat_at > since).order_by(workers.c.id))


def _carried_out(transaction: Transaction, worker_ids: Sequence[str]) -> dict[str, list[str]]:
    query = sa.select(executions.c.id, executions.c.worker).where(is_executing, executions.c.worker.in_(worker_ids))
    found: dict[str, list[str]] = defaultdict(list)
    for row in transaction.all(query.order_by(executions.c.id)):
        found[row["worker"]].append(row["id"])
    return found


def _entity(transaction: Transaction, row: RowMapping, carried: list[str]) -> Worker:
    alive = row["heartbeat_at"] > transaction.now - timedelta(seconds=SILENT_SECONDS)
    return Worker.model_validate(dict(row) | {"alive": alive, "executions": carried})
