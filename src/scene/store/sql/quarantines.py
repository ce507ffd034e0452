"""What is in quarantine, and how it did meanwhile."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.catalog import Task
from scene.domain.model import new_id
from scene.domain.quarantines import (
    KEY,
    AlreadyQuarantined,
    Quarantine,
    QuarantineDraft,
    check_expiry,
    check_key,
)
from scene.domain.records import Actor
from scene.domain.status import Verdict
from scene.errors import FieldError, Invalid
from scene.store.sql import projects
from scene.store.sql.audit import record
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import executions, quarantines, screenshots, tasks
from scene.store.values import Slice, SliceRequest

_COLUMNS = [column.name for column in quarantines.columns]


def _entities(transaction: Transaction, rows: Sequence[RowMapping]) -> list[Quarantine]:
    ids = [row["id"] for row in rows]
    differed = sa.case((screenshots.c.verdict.in_([Verdict.CHANGED, Verdict.MISSING]), 1), else_=0)
    counting = sa.select(
        screenshots.c.quarantine_id, sa.func.count().label("captured"), sa.func.sum(differed).label("changed")
    ).where(screenshots.c.quarantine_id.in_(ids))
    counts = {
        row["quarantine_id"]: {"captured": row["captured"], "changed": row["changed"]}
        for row in transaction.all(counting.group_by(screenshots.c.quarantine_id))
    }
    called = sa.select(tasks.c.id, tasks.c.name).where(tasks.c.id.in_({row["task_id"] for row in rows}))
    names = {row["id"]: row["name"] for row in transaction.all(called)}
    return [
        Quarantine(
            **{name: row[name] for name in _COLUMNS},
            task_name=names[row["task_id"]],
            active=row["expires_at"] > transaction.now,
            **counts.get(row["id"], {"captured": 0, "changed": 0}),
        )
        for row in rows
    ]


_crud = Crud("quarantine", quarantines, Quarantine, entities=_entities)


class SqlQuarantines:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, draft: QuarantineDraft, by: Actor) -> Quarantine:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            check_expiry(draft.expires_at, transaction.now)
            _check_there(transaction, project_id, draft)
            _refuse_twice(transaction, draft)
            stamps = {"id": new_id(), "version": 1, "created_at": transaction.now, "updated_at": transaction.now}
            transaction.insert(quarantines, [draft.model_dump() | stamps | {"project_id": project_id}])
            made = _crud.get(transaction, str(stamps["id"]))
            record(transaction, by, "quarantine.created", _targets(made), draft.model_dump(mode="json"))
            return made

    def get(self, quarantine_id: str) -> Quarantine:
        with self._database.read() as transaction:
            return _crud.get(transaction, quarantine_id)

    def newest(self, project_id: str | None, task_id: str | None, request: SliceRequest) -> Slice[Quarantine]:
        query = sa.select(quarantines)
        if project_id is not None:
            query = query.where(quarantines.c.project_id == project_id)
        if task_id is not None:
            query = query.where(quarantines.c.task_id == task_id)
        scope = f"quarantines {project_id or ''} {task_id or ''}"
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, quarantines.c.id, request, scope)
            return Slice(_entities(transaction, rows), cursor)

    def replace(
        self, quarantine_id: str, draft: QuarantineDraft, expected_version: int | None, by: Actor
    ) -> Quarantine:
        with self._database.write() as transaction:
            current = _crud.lock(transaction, quarantine_id, expected_version)
            check_key(current, draft)
            changed = changed_fields(current, draft)
            if "expires_at" in changed:
                check_expiry(draft.expires_at, transaction.now)
            _crud.replace(transaction, current, draft.model_dump(), changed, by)
            return _crud.get(transaction, quarantine_id)

    def lift(self, quarantine_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            lifted = _crud.lock(transaction, quarantine_id, expected_version)
            transaction.change(sa.delete(quarantines).where(quarantines.c.id == quarantine_id))
            told = lifted.model_dump(
                mode="json", include={*KEY, "reason", "owner", "expires_at", "changed", "captured"}
            )
            record(transaction, by, "quarantine.lifted", _targets(lifted), told)


def _targets(quarantine: Quarantine) -> list[str]:
    return [f"quarantine:{quarantine.id}", f"task:{quarantine.task_id}"]


def _check_there(transaction: Transaction, project_id: str, draft: QuarantineDraft) -> None:
    """Hold the task. Raises Invalid, naming each part that the task neither captures nor ever captured."""
    query = sa.select(tasks).where(tasks.c.id == draft.task_id, tasks.c.project_id == project_id)
    # One at a time: see _refuse_twice.
    row = transaction.first(query.with_for_update(key_share=True))
    if row is None:
        raise Invalid.field("task_id", "is not a task of this project")
    task = Task.model_validate(dict(row))
    wrong = []
    if draft.browser not in (None, *task.browsers) and not _ever(transaction, draft, "browser"):
        wrong.append(FieldError("browser", f"is none of the task's: {', '.join(task.browsers)}"))
    keys = [viewport.key for viewport in task.viewports]
    if draft.viewport_key not in (None, *keys) and not _ever(transaction, draft, "viewport_key"):
        wrong.append(FieldError("viewport_key", f"is none of the task's: {', '.join(keys)}"))
    targets = [target.key for target in task.targets]
    if draft.target not in (None, *targets) and not _ever_captured(transaction, draft):
        wrong.append(FieldError("target", f"is none of the task's: {', '.join(targets)}"))
    if wrong:
        raise Invalid("; ".join(f"{each.field}: {each.message}" for each in wrong), fields=tuple(wrong))


def _ever(transaction: Transaction, draft: QuarantineDraft, name: str) -> bool:
    query = sa.select(executions.c.id).where(
        executions.c.task_id == draft.task_id, executions.c[name] == getattr(draft, name)
    )
    return transaction.first(query.limit(1)) is not None


def _ever_captured(transaction: Transaction, draft: QuarantineDraft) -> bool:
    query = (
        sa.select(screenshots.c.id)
        .join(executions, executions.c.id == screenshots.c.execution_id)
        .where(executions.c.task_id == draft.task_id, screenshots.c.target == draft.target)
    )
    return transaction.first(query.limit(1)) is not None


def _refuse_twice(transaction: Transaction, draft: QuarantineDraft) -> None:
    """Raises AlreadyQuarantined. The task is locked: no two come at once."""
    same = (quarantines.c[name].is_not_distinct_from(getattr(draft, name)) for name in KEY)
    query = sa.select(quarantines.c.id).where(*same, quarantines.c.expires_at > transaction.now)
    there = transaction.value(query.limit(1))
    if there is not None:
        raise AlreadyQuarantined(f"This is in quarantine already: change that one ({there}), or lift it first.")
