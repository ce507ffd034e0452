"""Batches and their tasks."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.catalog import Batch, BatchDraft, Page, Project, Task
from scene.domain.records import Actor
from scene.errors import FieldError, Invalid
from scene.store.sql import projects
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction, batched
from scene.store.sql.purging import delete_baselines, delete_runs
from scene.store.sql.schema import baselines, batch_tasks, batches, pages, runs, tasks
from scene.store.values import Slice, SliceRequest


def _entities(transaction: Transaction, rows: list[RowMapping]) -> list[Batch]:
    members: dict[str, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    query = (
        sa.select(batch_tasks)
        .where(batch_tasks.c.batch_id.in_(list(members)))
        .order_by(batch_tasks.c.batch_id, batch_tasks.c.position)
    )
    for member in transaction.all(query):
        members[member["batch_id"]].append({"task_id": member["task_id"], "enabled": member["enabled"]})
    return [Batch.model_validate(dict(row) | {"tasks": members[row["id"]]}) for row in rows]


crud = Crud("batch", batches, Batch, entities=_entities)


class SqlBatches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, draft: BatchDraft, by: Actor) -> Batch:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            _check_tasks(transaction, project_id, draft)
            _check_pin(transaction, None, draft)
            batch_id = crud.create(transaction, _values(draft) | {"project_id": project_id}, by)
            _insert_tasks(transaction, batch_id, draft)
            return crud.get(transaction, batch_id)

    def get(self, batch_id: str) -> Batch:
        with self._database.read() as transaction:
            return crud.get(transaction, batch_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Batch]:
        with self._database.read() as transaction:
            return crud.newest(transaction, project_id, request)

    def replace(self, batch_id: str, draft: BatchDraft, expected_version: int | None, by: Actor) -> Batch:
        with self._database.write() as transaction:
            current = crud.lock(transaction, batch_id, expected_version)
            _check_tasks(transaction, current.project_id, draft)
            _check_pin(transaction, batch_id, draft)
            changed = changed_fields(current, draft)
            crud.replace(transaction, current, _values(draft), changed, by)
            if "tasks" in changed:
                transaction.change(sa.delete(batch_tasks).where(batch_tasks.c.batch_id == batch_id))
                _insert_tasks(transaction, batch_id, draft)
            return crud.get(transaction, batch_id)

    def delete(self, batch_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            batch = crud.lock(transaction, batch_id, expected_version)
            projects.refuse_while_active(transaction, runs.c.batch_id == batch_id, "batch")
            delete_runs(transaction, runs.c.batch_id == batch_id)
            delete_baselines(transaction, baselines.c.batch_id == batch_id)
            crud.delete(transaction, batch_id, by, {"name": batch.name})

    def matrix(self, batch_id: str) -> tuple[Project, Batch, list[tuple[Task, Page]]]:
        with self._database.read() as transaction:
            batch = crud.get(transaction, batch_id)
            project = projects.crud.get(transaction, batch.project_id)
            enabled = sa.and_(batch_tasks.c.batch_id == batch_id, batch_tasks.c.enabled.is_(sa.true()))
            members = sa.select(tasks).join(batch_tasks, batch_tasks.c.task_id == tasks.c.id).where(enabled)
            with_pages = sa.select(pages).where(pages.c.id.in_(members.with_only_columns(tasks.c.page_id)))
            page_of = {row["id"]: Page.model_validate(dict(row)) for row in transaction.all(with_pages)}
            found = transaction.all(members.order_by(batch_tasks.c.position))
            return project, batch, [(Task.model_validate(dict(row)), page_of[row["page_id"]]) for row in found]


def _values(draft: BatchDraft) -> dict[str, Any]:
    return draft.model_dump(mode="json", exclude={"tasks"})


def _insert_tasks(transaction: Transaction, batch_id: str, draft: BatchDraft) -> None:
    members = enumerate(draft.tasks)
    transaction.insert(
        batch_tasks,
        [
            {"batch_id": batch_id, "position": position, "task_id": member.task_id, "enabled": member.enabled}
            for position, member in members
        ],
    )


def _check_tasks(transaction: Transaction, project_id: str, draft: BatchDraft) -> None:
    """Raises Invalid, naming every entry whose task is not of the project."""
    known: set[str] = set()
    for ids in batched([member.task_id for member in draft.tasks]):
        query = sa.select(tasks.c.id).where(tasks.c.id.in_(ids), tasks.c.project_id == project_id)
        known.update(transaction.values(query.with_for_update(read=True, key_share=True)))
    wrong = tuple(
        FieldError(f"tasks[{index}].task_id", "is not a task of this project")
        for index, member in enumerate(draft.tasks)
        if member.task_id not in known
    )
    if wrong:
        raise Invalid("; ".join(f"{error.field}: {error.message}" for error in wrong[:5]), fields=wrong)


def _check_pin(transaction: Transaction, batch_id: str | None, draft: BatchDraft) -> None:
    """Hold the pinned baseline. Raises Invalid when it is none of the batch."""
    pinned = draft.baseline_policy.baseline_id
    query = sa.select(baselines.c.id).where(baselines.c.id == pinned, baselines.c.batch_id == batch_id)
    if pinned is not None and transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("baseline_policy.baseline_id", "is not a baseline of this batch")
