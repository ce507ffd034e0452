"""Executions: questions, and the verbs of their life (each told in a file of its own)."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from scene.domain.filters import EVERY_EXECUTION, ExecutionFilter
from scene.domain.progress import Backlog, RunEvent
from scene.domain.records import Actor
from scene.domain.runs import Attempt, Cell, ConfigurationSnapshot, Execution, Rerun
from scene.domain.status import Status, Verdict
from scene.domain.stopping import Stop, StopMode
from scene.domain.viewport import Browser
from scene.errors import NotFound
from scene.store.sql import deadlines, finishing, following, judging_again, leases, starting, stopping
from scene.store.sql.admission import admit, waiting_for_workers
from scene.store.sql.database import Database
from scene.store.sql.filtering import matching_executions
from scene.store.sql.outbox import Outbox
from scene.store.sql.paging import slice_of
from scene.store.sql.rows import attempt_of, execution_of
from scene.store.sql.schema import attempts, executions, snapshots
from scene.store.values import Admitted, AttemptOutcome, Held, JudgedAgain, Slice, SliceRequest, Work

_FAILED = executions.c.status == Status.FAILED
_CHANGED = executions.c.verdict == Verdict.CHANGED
_REPEATED = {
    Rerun.FAILED: _FAILED,
    Rerun.CHANGED: _CHANGED,
    Rerun.FAILED_AND_CHANGED: sa.or_(_FAILED, _CHANGED),
}


class SqlExecutions:
    def __init__(self, database: Database, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    def get(self, execution_id: str) -> Execution:
        with self._database.read() as transaction:
            row = transaction.first(sa.select(executions).where(executions.c.id == execution_id))
        if row is None:
            raise NotFound.of("execution", execution_id)
        return execution_of(row)

    def of_run(self, run_id: str, request: SliceRequest, only: ExecutionFilter = EVERY_EXECUTION) -> Slice[Execution]:
        query = sa.select(executions).where(executions.c.run_id == run_id, *matching_executions(only))
        scope = f"executions {run_id} {only.digest()}"
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, executions.c.position, request, scope)
        return Slice([execution_of(row) for row in rows], cursor)

    def changed_first(self, run_id: str, request: SliceRequest, only: ExecutionFilter) -> Slice[Execution]:
        with self._database.read() as transaction:
            return following.changed_first(transaction, run_id, request, only)

    def log(self, run_id: str, limit: int) -> list[RunEvent]:
        with self._database.read() as transaction:
            return following.log(transaction, run_id, limit)

    def cells(self, run_id: str, rerun: Rerun) -> set[Cell]:
        columns = [executions.c[name] for name in Cell._fields]
        query = sa.select(*columns).where(executions.c.run_id == run_id, _REPEATED[rerun])
        with self._database.read() as transaction:
            return {Cell(**row) for row in transaction.all(query)}

    def configuration(self, execution: Execution) -> ConfigurationSnapshot:
        query = sa.select(snapshots.c.document).where(snapshots.c.digest == execution.snapshot_digest)
        with self._database.read() as transaction:
            return ConfigurationSnapshot.model_validate(transaction.value(query))

    def attempts(self, execution_id: str) -> list[Attempt]:
        query = sa.select(attempts).where(attempts.c.execution_id == execution_id).order_by(attempts.c.number)
        with self._database.read() as transaction:
            return [attempt_of(row) for row in transaction.all(query)]

    def neighbours(self, execution: Execution) -> tuple[str | None, str | None]:
        around = (execution.position - 1, execution.position + 1)
        query = sa.select(executions.c.position, executions.c.id).where(
            executions.c.run_id == execution.run_id, executions.c.position.in_(around)
        )
        with self._database.read() as transaction:
            found = {row["position"]: row["id"] for row in transaction.all(query)}
        return found.get(around[0]), found.get(around[1])

    def admit(self) -> list[Admitted]:
        with self._database.write() as transaction:
            return admit(transaction)

    def waiting(self) -> list[Admitted]:
        with self._database.read() as transaction:
            return waiting_for_workers(transaction)

    def backlog(self) -> list[Backlog]:
        with self._database.read() as transaction:
            return following.backlog(transaction)

    def lately(self, newest: int) -> list[Browser]:
        with self._database.read() as transaction:
            return following.lately(transaction, newest)

    def start(self, admitted_id: str, attempt: int, worker: str, lease_seconds: float) -> Work | None:
        with self._database.write() as transaction:
            outbox = Outbox(transaction, self._public_url)
            return starting.start(transaction, outbox, admitted_id, attempt, worker, lease_seconds)

    def stop(self, execution_id: str, mode: StopMode, by: Actor) -> tuple[Execution, Stop, list[Admitted]]:
        with self._database.write() as transaction:
            outbox = Outbox(transaction, self._public_url)
            stop = stopping.stop_execution(transaction, outbox, execution_id, mode, by)
            row = transaction.connection.execute(sa.select(executions).where(executions.c.id == execution_id))
            return execution_of(row.mappings().one()), stop, admit(transaction)

    def renew(self, worker: str, lease_seconds: float, held: Collection[tuple[str, int]]) -> Held:
        return leases.renew(self._database, worker, lease_seconds, held)

    def finish(self, execution_id: str, attempt: int, outcome: AttemptOutcome) -> list[Admitted] | None:
        with self._database.write() as transaction:
            outbox = Outbox(transaction, self._public_url)
            if not finishing.finish(transaction, outbox, execution_id, attempt, outcome):
                return None
            return admit(transaction)

    def judge_again(self, execution_id: str, again: Sequence[JudgedAgain]) -> bool:
        with self._database.write() as transaction:
            return judging_again.judge_again(transaction, execution_id, again)

    def take_over(self, everything: bool) -> list[Admitted]:
        with self._database.write() as transaction:
            leases.take_over(transaction, Outbox(transaction, self._public_url), everything)
            return admit(transaction)

    def hand_back(self, worker: str) -> list[Admitted]:
        with self._database.write() as transaction:
            leases.hand_back(transaction, Outbox(transaction, self._public_url), worker)
            return admit(transaction)

    def expire(self) -> list[Admitted]:
        with self._database.write() as transaction:
            deadlines.expire(transaction, Outbox(transaction, self._public_url))
            return admit(transaction)
