"""Projects."""

import sqlalchemy as sa

from scene.domain.catalog import Project, ProjectDraft
from scene.domain.records import Actor
from scene.errors import InUse, NotFound
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.purging import delete_baselines, delete_runs
from scene.store.sql.schema import auth_profiles, baselines, batches, pages, projects, runs, tasks
from scene.store.sql.schema.runs import run_is_active
from scene.store.values import Slice, SliceRequest

crud = Crud("project", projects, Project, unique="slug")


class SqlProjects:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, draft: ProjectDraft, by: Actor) -> Project:
        with self._database.write() as transaction:
            return crud.get(transaction, crud.create(transaction, draft.model_dump(mode="json"), by))

    def get(self, project_id: str) -> Project:
        with self._database.read() as transaction:
            return crud.get(transaction, project_id)

    def newest(self, request: SliceRequest) -> Slice[Project]:
        with self._database.read() as transaction:
            return crud.newest(transaction, None, request)

    def replace(self, project_id: str, draft: ProjectDraft, expected_version: int | None, by: Actor) -> Project:
        with self._database.write() as transaction:
            current = crud.lock(transaction, project_id, expected_version)
            crud.replace(transaction, current, draft.model_dump(mode="json"), changed_fields(current, draft), by)
            return crud.get(transaction, project_id)

    def delete(self, project_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            project = crud.lock(transaction, project_id, expected_version)
            refuse_while_active(transaction, runs.c.project_id == project_id, "project")
            # From what refers to what is referred to; the webhooks go with the project itself.
            delete_runs(transaction, runs.c.project_id == project_id)
            delete_baselines(transaction, baselines.c.project_id == project_id)
            for table in (batches, tasks, pages, auth_profiles):
                transaction.change(sa.delete(table).where(table.c.project_id == project_id))
            crud.delete(transaction, project_id, by, {"name": project.name})


def hold(transaction: Transaction, project_id: str) -> None:
    """Keep a project from being deleted while something is added to it. Raises NotFound."""
    query = sa.select(projects.c.id).where(projects.c.id == project_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise NotFound.of("project", project_id)


def refuse_while_active(transaction: Transaction, condition: sa.ColumnElement[bool], noun: str) -> None:
    """Raises InUse, naming the newest active run that meets the condition."""
    query = sa.select(runs.c.id).where(run_is_active, condition).order_by(runs.c.id.desc()).limit(1)
    run_id = transaction.value(query)
    if run_id is not None:
        raise InUse(f"The run {run_id} of this {noun} is active; wait until it has ended, or stop it.")
