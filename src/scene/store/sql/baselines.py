"""Baselines and their items."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline, BaselineItem
from scene.errors import NotFound
from scene.store.base import Slice, SliceRequest
from scene.store.sql import pictures
from scene.store.sql.database import Database, Transaction
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import baseline_items, baselines

_ITEM_FIELDS = [name for name in BaselineItem.model_fields if name in baseline_items.columns]


class SqlBaselines:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, baseline_id: str) -> Baseline:
        with self._database.read() as transaction:
            row = transaction.first(sa.select(baselines).where(baselines.c.id == baseline_id))
        if row is None:
            raise NotFound.of("baseline", baseline_id)
        return Baseline.model_validate(dict(row))

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]:
        query = sa.select(baselines)
        if project_id is not None:
            query = query.where(baselines.c.project_id == project_id)
        if batch_id is not None:
            query = query.where(baselines.c.batch_id == batch_id)
        scope = f"baselines {project_id or ''} {batch_id or ''}"
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, baselines.c.id, request, scope)
        return Slice([Baseline.model_validate(dict(row)) for row in rows], cursor)

    def items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        query = sa.select(baseline_items).where(baseline_items.c.baseline_id == baseline_id)
        with self._database.read() as transaction:
            scope = f"baseline_items {baseline_id}"
            rows, cursor = slice_of(transaction, query, baseline_items.c.position, request, scope)
            return Slice(_items(transaction, rows), cursor)

    def latest(self, batch_id: str, line: str) -> Baseline | None:
        with self._database.read() as transaction:
            return latest(transaction, batch_id, line)


def latest(transaction: Transaction, batch_id: str, line: str) -> Baseline | None:
    query = sa.select(baselines).where(baselines.c.batch_id == batch_id, baselines.c.line == line)
    row = transaction.first(query.order_by(baselines.c.id.desc()).limit(1))
    return None if row is None else Baseline.model_validate(dict(row))


def held_latest(transaction: Transaction, batch_id: str, lines: Sequence[str | None]) -> Baseline | None:
    """The latest of the first of these lines that has one; nobody deletes it until the transaction ends."""
    for line in lines:
        while line is not None and (found := latest(transaction, batch_id, line)) is not None:
            held = (
                sa.select(baselines.c.id).where(baselines.c.id == found.id).with_for_update(read=True, key_share=True)
            )
            if transaction.first(held) is not None:
                return found
    return None


def items_of(transaction: Transaction, baseline_id: str, execution: RowMapping) -> list[BaselineItem]:
    """What the pictures of an execution are compared with."""
    query = sa.select(baseline_items).where(
        baseline_items.c.baseline_id == baseline_id,
        *(baseline_items.c[name] == execution[name] for name in ("task_id", "browser", "viewport_key")),
    )
    return _items(transaction, transaction.all(query.order_by(baseline_items.c.position)))


def _items(transaction: Transaction, rows: Sequence[RowMapping]) -> list[BaselineItem]:
    known = pictures.by_digest(transaction, [row["picture_sha256"] for row in rows])
    return [
        BaselineItem(picture=known[row["picture_sha256"]], **{name: row[name] for name in _ITEM_FIELDS}) for row in rows
    ]
