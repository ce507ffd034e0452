"""Runs: creation and questions. How they end is in closing.py."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from scene.domain.filters import RunFilter
from scene.domain.model import new_id
from scene.domain.progress import RunTally
from scene.domain.records import Actor, EventType
from scene.domain.runs import Run, RunDraft, RunPlan
from scene.domain.status import Purpose, Status
from scene.domain.stopping import Stop, StopMode
from scene.errors import Conflict, IdempotencyConflict, InUse, Invalid, NotFound
from scene.store.sql import judging_again, projects, reruns, settings, stopping, tallying
from scene.store.sql.admission import admit
from scene.store.sql.audit import record
from scene.store.sql.database import Database, Transaction
from scene.store.sql.dry_runs import SqlDryRuns
from scene.store.sql.expanding import insert_executions, insert_gone
from scene.store.sql.filtering import matching_runs, searchable
from scene.store.sql.outbox import Outbox
from scene.store.sql.paging import slice_of
from scene.store.sql.purging import delete_runs
from scene.store.sql.rows import runs_of
from scene.store.sql.schema import baselines, batches, runs
from scene.store.sql.schema.runs import run_is_active
from scene.store.values import Admitted, CreatedRun, IdempotencyKey, Slice, SliceRequest


class SqlRuns(SqlDryRuns):
    def __init__(self, database: Database, public_url: str) -> None:
        super().__init__(database)
        self._database = database
        self._public_url = public_url

    def create(self, draft: RunDraft, plan: RunPlan, by: Actor, key: IdempotencyKey | None = None) -> CreatedRun:
        if not plan.executions:
            raise Invalid.field("batch_id", "has nothing to execute: add a task to the batch, or enable one")
        with self._database.write() as transaction:
            row = _run_row(transaction, draft, plan, by)
            row |= {"idempotency_key": key.key if key else None, "request_digest": key.request_digest if key else ""}
            # Who sends the same key at the same moment waits here, until the first has committed or given up.
            if not transaction.insert_new(runs, row):
                made = _made_with(transaction, key) if key else None
                if made is None:
                    raise Conflict("The run of this Idempotency-Key was deleted at this moment; try again.")
                return CreatedRun(made, [], is_new=False)
            run_id = row["id"]
            execution_ids = insert_executions(transaction, run_id, plan.executions)
            gone_ids = []
            # A re-run repeats what it is asked to, and nothing else.
            if plan.baseline_id is not None and draft.rerun_of is None:
                gone_ids = insert_gone(transaction, run_id, plan.baseline_id, plan.executions)
            data = {"purpose": draft.purpose, "executions": len(execution_ids) + len(gone_ids)}
            record(transaction, by, "run.created", [f"run:{run_id}", f"batch:{draft.batch_id}"], data)
            outbox = Outbox(transaction, self._public_url)
            outbox.tell_executions(EventType.TASK_ENQUEUED, run_id, execution_ids)
            outbox.tell_executions(EventType.TASK_FINISHED, run_id, gone_ids)
            admitted = admit(transaction)
            return CreatedRun(read(transaction, run_id), admitted, is_new=True)

    def get(self, run_id: str) -> Run:
        with self._database.read() as transaction:
            return read(transaction, run_id)

    def made_with(self, key: IdempotencyKey) -> Run | None:
        with self._database.read() as transaction:
            return _made_with(transaction, key)

    def newest(self, only: RunFilter, request: SliceRequest) -> Slice[Run]:
        query = sa.select(runs).where(runs.c.purpose != Purpose.DRY_RUN, *matching_runs(only))
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, runs.c.id, request, f"runs {only.digest()}")
            return Slice(runs_of(transaction, rows), cursor)

    def tally(self, only: RunFilter, newest: int) -> RunTally:
        with self._database.read() as transaction:
            return tallying.tally(transaction, only, newest)

    def delete(self, run_id: str, by: Actor) -> None:
        with self._database.write() as transaction:
            query = sa.select(runs.c.batch_id, runs.c.status, runs.c.purpose).where(runs.c.id == run_id)
            row = transaction.first(query.with_for_update())
            if row is None:
                raise NotFound.of("run", run_id)
            if not Status(row["status"]).ended:
                raise InUse(f"The run {run_id} is active; wait until it has ended, or stop it.")
            rerun_id = reruns.active_rerun(transaction, run_id)
            if rerun_id is not None:
                raise InUse(f"The run {rerun_id} repeats this run and is active; wait until it has ended, or stop it.")
            delete_runs(transaction, runs.c.id == run_id)
            if row["purpose"] != Purpose.DRY_RUN:
                record(transaction, by, "run.deleted", [f"run:{run_id}", f"batch:{row['batch_id']}"], {})

    def stop(self, run_id: str, mode: StopMode, by: Actor) -> tuple[Run, Stop, list[Admitted]]:
        with self._database.write() as transaction:
            stop = stopping.stop_run(transaction, Outbox(transaction, self._public_url), run_id, mode, by)
            return read(transaction, run_id), stop, admit(transaction)

    def begin_comparing_again(self, run_id: str, by: Actor) -> Run:
        with self._database.write() as transaction:
            return judging_again.begin(transaction, run_id, by)

    def end_comparing_again(self, run_id: str) -> Run:
        with self._database.write() as transaction:
            run = read(transaction, run_id)
            Outbox(transaction, self._public_url).tell_run(EventType.RUN_FINISHED, run_id, again=True)
            return run

    def active(self) -> int:
        with self._database.read() as transaction:
            return int(transaction.value(sa.select(sa.func.count()).select_from(runs).where(run_is_active)))


def read(transaction: Transaction, run_id: str) -> Run:
    """Raises NotFound."""
    row = transaction.first(sa.select(runs).where(runs.c.id == run_id))
    if row is None:
        raise NotFound.of("run", run_id)
    return runs_of(transaction, [row])[0]


def _made_with(transaction: Transaction, key: IdempotencyKey) -> Run | None:
    row = transaction.first(sa.select(runs).where(runs.c.idempotency_key == key.key))
    if row is None:
        return None
    if row["request_digest"] != key.request_digest:
        raise IdempotencyConflict(
            f"Idempotency-Key: {key.key!r} was used for another request, which made the run {row['id']}; "
            "use a new key for a new request."
        )
    return runs_of(transaction, [row])[0]


def _run_row(transaction: Transaction, draft: RunDraft, plan: RunPlan, by: Actor) -> dict[str, Any]:
    """Also holds what the run refers to, and checks it."""
    query = sa.select(batches).where(batches.c.id == draft.batch_id)
    batch = transaction.first(query)
    if batch is None:
        raise NotFound.of("batch", draft.batch_id)
    projects.hold(transaction, batch["project_id"])
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise NotFound.of("batch", draft.batch_id)
    if plan.baseline_id is not None:
        _hold_baseline(transaction, draft.batch_id, plan.baseline_id)
    if draft.rerun_of is not None:
        reruns.check(transaction, draft)
    timeout = draft.timeout_seconds or settings.current(transaction).run_timeout_seconds
    return draft.model_dump(mode="json", exclude={"timeout_seconds"}) | {
        "id": new_id(),
        "project_id": batch["project_id"],
        "batch_name": batch["name"],
        "baseline_id": plan.baseline_id,
        "baseline_reason": plan.baseline_reason,
        "jira_issue": draft.jira_issue or batch["jira_issue"],
        "search_text": searchable(draft.note, batch["name"], *draft.labels, *draft.labels.values()),
        "requested_by": by.label,
        "deadline_at": transaction.now + timedelta(seconds=timeout),
        "execution_diff_threshold_percent": batch["execution_diff_threshold_percent"],
        "run_diff_threshold_percent": batch["run_diff_threshold_percent"],
        "status": Status.QUEUED,
        "created_at": transaction.now,
    }


def _hold_baseline(transaction: Transaction, batch_id: str, baseline_id: str) -> None:
    query = sa.select(baselines.c.id).where(baselines.c.id == baseline_id, baselines.c.batch_id == batch_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("baseline_id", "is not a baseline of this batch")
