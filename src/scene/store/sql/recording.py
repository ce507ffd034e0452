"""From finished recordings to their baseline.

A recording that was completed by re-runs gives the pictures of all of them. What was not recorded, since only some
tasks were asked for or since a task is disabled for now, is copied from the baseline before: no recording ever takes
away a picture that it had no part in.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline
from scene.domain.catalog import Task
from scene.domain.model import new_id
from scene.domain.records import SYSTEM
from scene.domain.status import Status
from scene.store.sql import reruns
from scene.store.sql.audit import record
from scene.store.sql.baselines import held_latest
from scene.store.sql.database import Transaction
from scene.store.sql.schema import (
    baseline_items,
    baselines,
    batch_tasks,
    batches,
    executions,
    runs,
    screenshots,
    tasks,
)

_KEY = ("task_id", "browser", "viewport_key", "target")
_FROM_SCREENSHOT = ("target", "picture_sha256", "renderer", "masks")
_COPIED = (*_KEY, "task_name", "picture_sha256", "renderer", "masks", "snapshot_digest")

Key = tuple[str, ...]
Items = dict[Key, RowMapping]


def record_baseline(transaction: Transaction, run: RowMapping) -> Baseline:
    """Freeze the pictures of a recording whose executions all finished, with what it completes. The run is locked."""
    # Two recordings that end at once build on each other in turn: none loses what the other recorded.
    transaction.first(sa.select(batches.c.id).where(batches.c.id == run["batch_id"]).with_for_update(key_share=True))
    recordings = reruns.chain(transaction, run)
    items = _captured(transaction, recordings)
    recorded = {item["task_id"] for item in items.values()}
    members = _members(transaction, run["batch_id"])
    parent = held_latest(transaction, run["batch_id"], (run["line"], run["parent_line"]))
    if parent is not None:
        is_partial = recordings[-1]["task_ids"] is not None
        items |= {
            key: item
            for key, item in _items_of(transaction, parent.id).items()
            if item["task_id"] not in recorded and (is_partial or item["task_id"] in members)
        }
    asked_for = _keys(task for task, enabled in members.values() if enabled and task.id not in recorded)
    missing = sum(key not in items for key in asked_for)
    return _insert(transaction, run, parent, list(items.values()), missing)


def _captured(transaction: Transaction, recordings: Sequence[RowMapping]) -> Items:
    """In the order in which they were recorded first; what was repeated is that of the last recording."""
    found: Items = {}
    for run in reversed(recordings):
        query = (
            sa.select(executions, *(screenshots.c[name] for name in _FROM_SCREENSHOT))
            .join(screenshots, screenshots.c.execution_id == executions.c.id)
            .where(
                executions.c.run_id == run["id"],
                executions.c.status == Status.FINISHED,
                screenshots.c.picture_sha256.is_not(None),
            )
            .order_by(executions.c.position, screenshots.c.position)
        )
        found |= _by_key(transaction.all(query))
    return found


def _members(transaction: Transaction, batch_id: str) -> dict[str, tuple[Task, bool]]:
    """The tasks of a batch as they are now, each with whether it is enabled."""
    query = sa.select(tasks, batch_tasks.c.enabled.label("enabled")).join(
        batch_tasks, batch_tasks.c.task_id == tasks.c.id
    )
    rows = transaction.all(query.where(batch_tasks.c.batch_id == batch_id))
    return {
        row["id"]: (Task.model_validate({name: row[name] for name in Task.model_fields}), row["enabled"])
        for row in rows
    }


def _keys(of_tasks: Iterable[Task]) -> list[Key]:
    return [
        (task.id, str(browser), viewport.key, target.key)
        for task in of_tasks
        for browser in task.browsers
        for viewport in task.viewports
        for target in task.targets
    ]


def _items_of(transaction: Transaction, baseline_id: str) -> Items:
    query = sa.select(baseline_items).where(baseline_items.c.baseline_id == baseline_id)
    return _by_key(transaction.all(query.order_by(baseline_items.c.position)))


def _by_key(rows: Sequence[RowMapping]) -> Items:
    return {tuple(row[name] for name in _KEY): row for row in rows}


def _insert(
    transaction: Transaction, run: RowMapping, parent: Baseline | None, items: Sequence[RowMapping], missing: int
) -> Baseline:
    baseline = Baseline(
        id=new_id(),
        project_id=run["project_id"],
        batch_id=run["batch_id"],
        line=run["line"],
        run_id=run["id"],
        parent_id=parent.id if parent else None,
        created_at=transaction.now,
        created_by=run["requested_by"],
        notes=run["note"],
        items_total=len(items) + missing,
        items_succeeded=len(items),
        items_missing=missing,
    )
    transaction.insert(baselines, [baseline.model_dump()])
    transaction.insert(baseline_items, [_item(baseline.id, position, row) for position, row in enumerate(items)])
    transaction.change(sa.update(runs).where(runs.c.id == run["id"]).values(baseline_id=baseline.id))
    targets = [f"baseline:{baseline.id}", f"run:{run['id']}", f"batch:{run['batch_id']}"]
    record(transaction, SYSTEM, "baseline.created", targets, {"items": len(items), "line": baseline.line})
    return baseline


def _item(baseline_id: str, position: int, row: RowMapping) -> dict[str, Any]:
    copied = {name: row[name] for name in _COPIED}
    return copied | {"id": new_id(), "baseline_id": baseline_id, "position": position}
