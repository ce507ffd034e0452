"""Pages."""

import sqlalchemy as sa

from scene.domain.catalog import Page, PageDraft
from scene.domain.records import Actor
from scene.errors import InUse
from scene.store.sql import projects
from scene.store.sql.auth_profiles import check_profile
from scene.store.sql.crud import Crud, changed_fields
from scene.store.sql.database import Database
from scene.store.sql.schema import pages, tasks
from scene.store.sql.usage import named
from scene.store.values import Slice, SliceRequest

crud = Crud("page", pages, Page)


class SqlPages:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, project_id: str, draft: PageDraft, by: Actor) -> Page:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            check_profile(transaction, project_id, draft.auth_profile_id)
            values = draft.model_dump(mode="json") | {"project_id": project_id}
            return crud.get(transaction, crud.create(transaction, values, by))

    def get(self, page_id: str) -> Page:
        with self._database.read() as transaction:
            return crud.get(transaction, page_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Page]:
        with self._database.read() as transaction:
            return crud.newest(transaction, project_id, request)

    def replace(self, page_id: str, draft: PageDraft, expected_version: int | None, by: Actor) -> Page:
        with self._database.write() as transaction:
            current = crud.lock(transaction, page_id, expected_version)
            check_profile(transaction, current.project_id, draft.auth_profile_id)
            crud.replace(transaction, current, draft.model_dump(mode="json"), changed_fields(current, draft), by)
            return crud.get(transaction, page_id)

    def delete(self, page_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            page = crud.lock(transaction, page_id, expected_version)
            query = sa.select(tasks.c.name).where(tasks.c.page_id == page_id).order_by(tasks.c.id)
            users = transaction.values(query)
            if users:
                raise InUse(f"The page {page.name!r} is used by the tasks {named(users)}; delete them first.")
            crud.delete(transaction, page_id, by, {"name": page.name})
