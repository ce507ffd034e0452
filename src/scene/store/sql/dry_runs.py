"""Dry runs: one execution of a task, of which nothing is told, listed or kept."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from scene.domain.catalog import BatchDraft
from scene.domain.model import new_id
from scene.domain.records import Actor
from scene.domain.runs import DryRunDraft, Run, RunPlan
from scene.domain.status import Purpose, Status
from scene.errors import Invalid, NotFound
from scene.store.sql import projects, settings
from scene.store.sql.admission import admit
from scene.store.sql.database import Database, Transaction
from scene.store.sql.expanding import insert_executions
from scene.store.sql.purging import delete_runs
from scene.store.sql.rows import runs_of
from scene.store.sql.schema import baselines, runs, tasks
from scene.store.sql.schema.runs import run_is_active
from scene.store.values import CreatedRun

_PRIORITY = 100
"""Somebody is looking at the screen."""
_THRESHOLDS = {
    name: BatchDraft.model_fields[name].default
    for name in ("execution_diff_threshold_percent", "run_diff_threshold_percent")
}
"""Those of a batch that says nothing of them."""
_is_dry = runs.c.purpose == Purpose.DRY_RUN


class SqlDryRuns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start_dry(self, task_id: str, draft: DryRunDraft, plan: RunPlan, by: Actor) -> CreatedRun:
        with self._database.write() as transaction:
            query = sa.select(tasks.c.project_id, tasks.c.name).where(tasks.c.id == task_id)
            task = transaction.first(query.with_for_update(read=True, key_share=True))
            if task is None:
                raise NotFound.of("task", task_id)
            projects.hold(transaction, task["project_id"])
            if plan.baseline_id is not None:
                _hold_baseline(transaction, task["project_id"], plan.baseline_id)
            run_id = new_id()
            timeout = settings.current(transaction).run_timeout_seconds
            row = {
                "id": run_id,
                "project_id": task["project_id"],
                "batch_name": task["name"],
                "purpose": Purpose.DRY_RUN,
                "baseline_id": plan.baseline_id,
                "baseline_reason": plan.baseline_reason,
                "task_ids": [task_id],
                "base_url": draft.base_url,
                "from_reference": False,
                "variables": draft.variables,
                "request_digest": "",
                "line": "main",
                "note": "",
                "labels": {},
                "search_text": "",
                "requested_by": by.label,
                "priority": _PRIORITY,
                "deadline_at": transaction.now + timedelta(seconds=timeout),
                **_THRESHOLDS,
                "status": Status.QUEUED,
                "created_at": transaction.now,
            }
            transaction.insert(runs, [row])
            insert_executions(transaction, run_id, plan.executions)
            admitted = admit(transaction)
            return CreatedRun(_read(transaction, run_id), admitted, is_new=True)

    def purge_dry(self, before: datetime, dry_run: bool = False) -> int:
        old = sa.and_(_is_dry, ~run_is_active, runs.c.created_at < before)
        with self._database.write() as transaction:
            ids = transaction.values(sa.select(runs.c.id).where(old).order_by(runs.c.id).with_for_update())
            if ids and not dry_run:
                delete_runs(transaction, old)
            return len(ids)


def forget_dry_runs(transaction: Transaction, baseline_id: str) -> None:
    """Delete those that have compared with a baseline: they keep nothing from going."""
    delete_runs(transaction, sa.and_(_is_dry, ~run_is_active, runs.c.baseline_id == baseline_id))


def _read(transaction: Transaction, run_id: str) -> Run:
    return runs_of(transaction, transaction.all(sa.select(runs).where(runs.c.id == run_id)))[0]


def _hold_baseline(transaction: Transaction, project_id: str, baseline_id: str) -> None:
    query = sa.select(baselines.c.id).where(baselines.c.id == baseline_id, baselines.c.project_id == project_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("baseline_id", "was deleted at this moment; try again")
