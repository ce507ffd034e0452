"""How much belongs to something: one number for each kind, in one query."""

import sqlalchemy as sa

from scene.domain.belongings import Belongings
from scene.store.sql.database import Database
from scene.store.sql.schema import (
    auth_profiles,
    baselines,
    batch_tasks,
    batches,
    executions,
    pages,
    quarantines,
    runs,
    schedules,
    tasks,
    webhooks,
)

_OF_A_BATCH = runs.c.batch_id.is_not(None)
"""Not a dry run, which nobody sees."""


class SqlBelonging:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_project(self, project_id: str) -> Belongings:
        owned = (pages, tasks, batches, schedules, baselines, quarantines, webhooks, auth_profiles)
        numbers = {str(table.name): _number(table, table.c.project_id == project_id) for table in owned}
        return self._count(numbers | {"runs": _number(runs, runs.c.project_id == project_id, _OF_A_BATCH)})

    def of_page(self, page_id: str) -> Belongings:
        return self._count({"tasks": _number(tasks, tasks.c.page_id == page_id)})

    def of_task(self, task_id: str) -> Belongings:
        return self._count(
            {
                "batches": _number(batch_tasks, batch_tasks.c.task_id == task_id),
                "quarantines": _number(quarantines, quarantines.c.task_id == task_id),
            }
        )

    def of_batch(self, batch_id: str) -> Belongings:
        numbers = {
            str(table.name): _number(table, table.c.batch_id == batch_id) for table in (schedules, baselines, runs)
        }
        return self._count(numbers | {"tasks": _number(batch_tasks, batch_tasks.c.batch_id == batch_id)})

    def of_run(self, run_id: str) -> Belongings:
        return self._count(
            {
                "executions": _number(executions, executions.c.run_id == run_id),
                "baselines": _number(baselines, baselines.c.run_id == run_id),
            }
        )

    def _count(self, numbers: dict[str, sa.ScalarSelect[int]]) -> Belongings:
        with self._database.read() as transaction:
            row = transaction.first(sa.select(*(number.label(name) for name, number in numbers.items())))
        return Belongings.model_validate(dict(row or {}))


def _number(table: sa.Table, *where: sa.ColumnElement[bool]) -> "sa.ScalarSelect[int]":
    return sa.select(sa.func.count()).select_from(table).where(*where).scalar_subquery()
