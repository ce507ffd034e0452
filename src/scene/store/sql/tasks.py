"""Tasks."""

import sqlalchemy as sa

from scene.domain.catalog import Task, TaskDraft
from scene.domain.records import Actor
from scene.errors import FieldError, Invalid
from scene.store.sql import projects, settings
from scene.store.sql.auth_profiles import refuse_while_login_task
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import batch_tasks, batches, executions, pages, runs, tasks
from scene.store.values import Slice, SliceRequest

crud = Crud("task", tasks, Task)


class SqlTasks:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, draft: TaskDraft, by: Actor) -> Task:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            _check_page(transaction, project_id, draft)
            _check_browsers(transaction, draft)
            values = draft.model_dump(mode="json") | {"project_id": project_id}
            return crud.get(transaction, crud.create(transaction, values, by))

    def get(self, task_id: str) -> Task:
        with self._database.read() as transaction:
            return crud.get(transaction, task_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Task]:
        with self._database.read() as transaction:
            return crud.newest(transaction, project_id, request)

    def replace(self, task_id: str, draft: TaskDraft, expected_version: int | None, by: Actor) -> Task:
        with self._database.write() as transaction:
            current = crud.lock(transaction, task_id, expected_version)
            _check_page(transaction, current.project_id, draft)
            _check_browsers(transaction, draft)
            crud.replace(transaction, current, draft.model_dump(mode="json"), changed_fields(current, draft), by)
            return crud.get(transaction, task_id)

    def delete(self, task_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            task = crud.lock(transaction, task_id, expected_version)
            executed = sa.exists().where(executions.c.run_id == runs.c.id, executions.c.task_id == task_id)
            projects.refuse_while_active(transaction, executed, "task")
            refuse_while_login_task(transaction, task_id, task.name)
            _leave_batches(transaction, task_id)
            crud.delete(transaction, task_id, by, {"name": task.name})


def _check_page(transaction: Transaction, project_id: str, draft: TaskDraft) -> None:
    query = sa.select(pages.c.id).where(pages.c.id == draft.page_id, pages.c.project_id == project_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("page_id", "is not a page of this project")


def _check_browsers(transaction: Transaction, draft: TaskDraft) -> None:
    """Raises Invalid, naming every browser that the settings do not offer."""
    available = settings.current(transaction, hold=True).available_browsers
    wrong = tuple(
        FieldError(f"browsers[{index}]", f"{browser} is not available here; the settings have {', '.join(available)}")
        for index, browser in enumerate(draft.browsers)
        if browser not in available
    )
    if wrong:
        raise Invalid("; ".join(f"{error.field}: {error.message}" for error in wrong), fields=wrong)


def _leave_batches(transaction: Transaction, task_id: str) -> None:
    """Their version counts up: who edits one of them must see that the task is gone."""
    with_task = sa.select(batch_tasks.c.batch_id).where(batch_tasks.c.task_id == task_id)
    stamps = {"version": batches.c.version + 1, "updated_at": transaction.now}
    transaction.change(sa.update(batches).where(batches.c.id.in_(with_task)).values(stamps))
    transaction.change(sa.delete(batch_tasks).where(batch_tasks.c.task_id == task_id))
