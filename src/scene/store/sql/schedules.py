"""Schedules."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import Actor
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.errors import Invalid
from scene.store.sql import projects
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import batches, schedules
from scene.store.values import Slice, SliceRequest


def _entities(_: Transaction, rows: Sequence[RowMapping]) -> list[Schedule]:
    return [Schedule.model_validate(dict(row)) for row in rows]


crud = Crud("schedule", schedules, Schedule, entities=_entities)


class SqlSchedules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, draft: ScheduleDraft, next_at: datetime | None, by: Actor) -> Schedule:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            _check_batch(transaction, project_id, draft.batch_id)
            never = {"last_at": None, "last_run_id": None, "last_problem": ""}
            values = draft.model_dump(mode="json") | never | {"project_id": project_id, "next_at": next_at}
            return crud.get(transaction, crud.create(transaction, values, by))

    def get(self, schedule_id: str) -> Schedule:
        with self._database.read() as transaction:
            return crud.get(transaction, schedule_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Schedule]:
        with self._database.read() as transaction:
            return crud.newest(transaction, project_id, request)

    def replace(
        self,
        schedule_id: str,
        draft: ScheduleDraft,
        next_at: datetime | None,
        expected_version: int | None,
        by: Actor,
    ) -> Schedule:
        with self._database.write() as transaction:
            current = crud.lock(transaction, schedule_id, expected_version)
            _check_batch(transaction, current.project_id, draft.batch_id)
            values = draft.model_dump(mode="json") | {"next_at": next_at}
            crud.replace(transaction, current, values, changed_fields(current, draft), by)
            return crud.get(transaction, schedule_id)

    def delete(self, schedule_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            schedule = crud.lock(transaction, schedule_id, expected_version)
            crud.delete(transaction, schedule_id, by, {"name": schedule.name})

    def due(self, limit: int) -> list[Schedule]:
        with self._database.read() as transaction:
            query = sa.select(schedules).where(schedules.c.next_at <= transaction.now)
            return _entities(transaction, transaction.all(query.order_by(schedules.c.next_at).limit(limit)))

    def advance(self, due: Schedule, next_at: datetime | None, run_id: str | None, problem: str) -> bool:
        with self._database.write() as transaction:
            move = sa.update(schedules).where(
                schedules.c.id == due.id, schedules.c.next_at == due.next_at, schedules.c.version == due.version
            )
            told = {"next_at": next_at, "last_at": due.next_at, "last_problem": problem}
            return transaction.change(move.values(told | ({"last_run_id": run_id} if run_id else {}))) == 1


def _check_batch(transaction: Transaction, project_id: str, batch_id: str) -> None:
    """Hold the batch. Raises Invalid when it is none of the project."""
    query = sa.select(batches.c.id).where(batches.c.id == batch_id, batches.c.project_id == project_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("batch_id", "is not a batch of this project")
