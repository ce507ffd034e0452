"""What every editable noun shares: unique names, versions, audit entries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.catalog import Stamped
from scene.domain.model import Model, new_id
from scene.domain.records import Actor
from scene.errors import AlreadyExists, NotFound, VersionConflict
from scene.store.sql.audit import record
from scene.store.sql.database import Transaction, is_unique_violation
from scene.store.sql.paging import slice_of
from scene.store.values import Slice, SliceRequest

E = TypeVar("E", bound=Stamped)


class Crud(Generic[E]):
    """One noun: its table has a column for each field of its drafts, and those of Stamped."""

    def __init__(
        self,
        noun: str,
        table: sa.Table,
        entity: type[E],
        unique: str = "name",
        entities: Callable[[Transaction, list[RowMapping]], list[E]] | None = None,
    ) -> None:
        self.noun = noun
        self.table = table
        self._entity = entity
        self._unique = unique
        self._entities = entities or self._from_rows

    def create(self, transaction: Transaction, values: dict[str, Any], by: Actor) -> str:
        """The id of the new row. Raises AlreadyExists."""
        stamps = {"id": new_id(), "version": 1, "created_at": transaction.now, "updated_at": transaction.now}
        with self._named(values):
            transaction.insert(self.table, [stamps | values])
        self._record(transaction, by, "created", stamps["id"], {"name": values["name"]})
        return str(stamps["id"])

    def get(self, transaction: Transaction, entity_id: str, lock: bool = False) -> E:
        """Raises NotFound."""
        query = sa.select(self.table).where(self.table.c.id == entity_id)
        row = transaction.first(query.with_for_update() if lock else query)
        if row is None:
            raise NotFound.of(self.noun, entity_id)
        return self._entities(transaction, [row])[0]

    def newest(self, transaction: Transaction, project_id: str | None, request: SliceRequest) -> Slice[E]:
        query = sa.select(self.table)
        if project_id is not None:
            query = query.where(self.table.c.project_id == project_id)
        scope = f"{self.table.name} {project_id or ''}"
        rows, cursor = slice_of(transaction, query, self.table.c.id, request, scope)
        return Slice(self._entities(transaction, list(rows)), cursor)

    def lock(self, transaction: Transaction, entity_id: str, expected_version: int | None) -> E:
        """The entity, which nobody else changes until the end. Raises NotFound, VersionConflict."""
        entity = self.get(transaction, entity_id, lock=True)
        if expected_version is not None and expected_version != entity.version:
            raise VersionConflict(
                f"Somebody else saved this {self.noun} first (version {entity.version}, not {expected_version}); "
                "load it again."
            )
        return entity

    def replace(
        self, transaction: Transaction, current: E, values: dict[str, Any], changed: list[str], by: Actor
    ) -> None:
        """Store the changed fields and count the version up; nothing when none changed. Raises AlreadyExists."""
        if not changed:
            return
        stamps = {"version": current.version + 1, "updated_at": transaction.now}
        with self._named(values):
            transaction.change(sa.update(self.table).where(self.table.c.id == current.id).values(values | stamps))
        self._record(transaction, by, "updated", current.id, {"changed": changed})

    def delete(self, transaction: Transaction, entity_id: str, by: Actor, data: dict[str, Any]) -> None:
        transaction.change(sa.delete(self.table).where(self.table.c.id == entity_id))
        self._record(transaction, by, "deleted", entity_id, data)

    def _record(self, transaction: Transaction, by: Actor, verb: str, entity_id: object, data: dict[str, Any]) -> None:
        name = self.noun.replace(" ", "_")
        record(transaction, by, f"{name}.{verb}", [f"{name}:{entity_id}"], data)

    @contextmanager
    def _named(self, values: dict[str, Any]) -> Iterator[None]:
        try:
            yield
        except sa.exc.IntegrityError as error:
            if is_unique_violation(error):
                raise AlreadyExists.of(self.noun, self._unique, values[self._unique]) from error
            raise

    def _from_rows(self, _: Transaction, rows: list[RowMapping]) -> list[E]:
        return [self._entity.model_validate(dict(row)) for row in rows]


def changed_fields(current: Model, draft: Model) -> list[str]:
    """Names of the draft's fields that differ from what is stored."""
    return [name for name in type(draft).model_fields if getattr(draft, name) != getattr(current, name)]
