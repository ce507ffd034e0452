"""Baselines and their items."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Alternative, Baseline, BaselineItem
from scene.domain.records import Actor
from scene.domain.status import Purpose
from scene.errors import InUse, NotFound
from scene.store.sql import pictures
from scene.store.sql.audit import record
from scene.store.sql.database import Database, Transaction, batched
from scene.store.sql.dry_runs import forget_dry_runs
from scene.store.sql.paging import slice_of
from scene.store.sql.purging import delete_baselines
from scene.store.sql.schema import baseline_alternatives, baseline_items, baselines, batch_tasks, batches, runs
from scene.store.sql.schema.runs import run_is_active
from scene.store.sql.usage import named
from scene.store.values import Slice, SliceRequest

_ITEM_FIELDS = [name for name in BaselineItem.model_fields if name in baseline_items.columns]


class SqlBaselines:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, baseline_id: str) -> Baseline:
        with self._database.read() as transaction:
            row = transaction.first(sa.select(baselines).where(baselines.c.id == baseline_id))
        if row is None:
            raise NotFound.of("baseline", baseline_id)
        return baseline_of(row)

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]:
        query = sa.select(baselines)
        if project_id is not None:
            query = query.where(baselines.c.project_id == project_id)
        if batch_id is not None:
            query = query.where(baselines.c.batch_id == batch_id)
        scope = f"baselines {project_id or ''} {batch_id or ''}"
        with self._database.read() as transaction:
            rows, cursor = slice_of(transaction, query, baselines.c.id, request, scope)
        return Slice([baseline_of(row) for row in rows], cursor)

    def items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        query = sa.select(baseline_items).where(baseline_items.c.baseline_id == baseline_id)
        with self._database.read() as transaction:
            scope = f"baseline_items {baseline_id}"
            rows, cursor = slice_of(transaction, query, baseline_items.c.position, request, scope)
            return Slice(_items(transaction, rows), cursor)

    def items_by_id(self, ids: Collection[str]) -> dict[str, BaselineItem]:
        with self._database.read() as transaction:
            return {
                item.id: item
                for chunk in batched(sorted(ids))
                for item in _items(
                    transaction, transaction.all(sa.select(baseline_items).where(baseline_items.c.id.in_(chunk)))
                )
            }

    def delete(self, baseline_id: str, by: Actor) -> None:
        with self._database.write() as transaction:
            delete_baseline(transaction, baseline_id, by, {})

    def latest(self, batch_id: str, line: str) -> Baseline | None:
        with self._database.read() as transaction:
            return latest(transaction, batch_id, line)

    def latest_of_task(self, task_id: str) -> Baseline | None:
        with self._database.read() as transaction:
            return _latest_of_task(transaction, task_id)


def delete_baseline(transaction: Transaction, baseline_id: str, by: Actor, data: dict[str, Any]) -> None:
    """data: for the audit entry. Raises NotFound, InUse."""
    of_baseline = runs.c.baseline_id == baseline_id
    transaction.all(sa.select(runs.c.id).where(of_baseline).order_by(runs.c.id).with_for_update())
    found = transaction.first(sa.select(baselines).where(baselines.c.id == baseline_id).with_for_update())
    if found is None:
        raise NotFound.of("baseline", baseline_id)
    _refuse_while_used(transaction, found)
    forget_dry_runs(transaction, baseline_id)
    # The recording that it came from did not use it, and stays.
    transaction.change(sa.update(runs).where(of_baseline).values(baseline_id=None))
    delete_baselines(transaction, baselines.c.id == baseline_id)
    targets = [f"baseline:{baseline_id}", f"batch:{found['batch_id']}"]
    record(transaction, by, "baseline.deleted", targets, {"line": found["line"], **data})


def _latest_of_task(transaction: Transaction, task_id: str) -> Baseline | None:
    has_pictures = sa.exists().where(
        baseline_items.c.baseline_id == baselines.c.id, baseline_items.c.task_id == task_id
    )
    with_task = sa.select(batch_tasks.c.batch_id).where(batch_tasks.c.task_id == task_id)
    query = sa.select(baselines).where(baselines.c.batch_id.in_(with_task), baselines.c.line == "main", has_pictures)
    row = transaction.first(query.order_by(baselines.c.id.desc()).limit(1))
    return None if row is None else baseline_of(row)


def baseline_of(row: RowMapping) -> Baseline:
    return Baseline.model_validate({name: row[name] for name in Baseline.model_fields})


def latest(transaction: Transaction, batch_id: str, line: str) -> Baseline | None:
    query = sa.select(baselines).where(baselines.c.batch_id == batch_id, baselines.c.line == line)
    row = transaction.first(query.order_by(baselines.c.id.desc()).limit(1))
    return None if row is None else baseline_of(row)


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


def _refuse_while_used(transaction: Transaction, baseline: RowMapping) -> None:
    """Raises InUse, naming the batch that pins it or the runs that compared with it."""
    batch = transaction.first(sa.select(batches).where(batches.c.id == baseline["batch_id"]))
    if batch is not None and batch["baseline_policy"].get("baseline_id") == baseline["id"]:
        raise InUse(f"The batch {batch['name']!r} pins this baseline; change its baseline_policy first.")
    compared = sa.select(runs.c.id).where(
        runs.c.baseline_id == baseline["id"],
        runs.c.purpose != Purpose.BASELINE_RECORDING,
        sa.or_(runs.c.purpose != Purpose.DRY_RUN, run_is_active),
    )
    users = transaction.values(compared.order_by(runs.c.id.desc()))
    if users:
        raise InUse(f"This baseline is used by the runs {named(users)}; delete them first.")


def items_of(transaction: Transaction, baseline_id: str, execution: RowMapping) -> list[BaselineItem]:
    """What the pictures of an execution are compared with."""
    query = sa.select(baseline_items).where(
        baseline_items.c.baseline_id == baseline_id,
        *(baseline_items.c[name] == execution[name] for name in ("task_id", "browser", "viewport_key")),
    )
    return _items(transaction, transaction.all(query.order_by(baseline_items.c.position)))


def _items(transaction: Transaction, rows: Sequence[RowMapping]) -> list[BaselineItem]:
    others = _alternatives(transaction, [row["id"] for row in rows])
    further = [other["picture_sha256"] for found in others.values() for other in found]
    known = pictures.by_digest(transaction, [*(row["picture_sha256"] for row in rows), *further])

    def alternative_of(row: RowMapping) -> Alternative:
        fields = {name: row[name] for name in ("renderer", "masks", "origin")}
        return Alternative(picture=known[row["picture_sha256"]], **fields)

    return [
        BaselineItem(
            picture=known[row["picture_sha256"]],
            alternatives=[alternative_of(other) for other in others.get(row["id"], [])],
            **{name: row[name] for name in _ITEM_FIELDS},
        )
        for row in rows
    ]


def _alternatives(transaction: Transaction, item_ids: Sequence[str]) -> dict[str, list[RowMapping]]:
    """Of each item that has some, in their order."""
    found: dict[str, list[RowMapping]] = {}
    for chunk in batched(item_ids):
        query = sa.select(baseline_alternatives).where(baseline_alternatives.c.item_id.in_(chunk))
        for row in transaction.all(query.order_by(baseline_alternatives.c.position)):
            found.setdefault(row["item_id"], []).append(row)
    return found
