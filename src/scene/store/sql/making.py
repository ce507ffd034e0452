"""How a baseline comes to be: rows that are copied or new, frozen at once. It never changes afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline, BaselineChanges, BaselineKind
from scene.domain.catalog import Task
from scene.domain.model import new_id
from scene.domain.records import Actor
from scene.store.sql.audit import record
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import baseline_alternatives, baseline_items, baselines, batch_tasks, batches, tasks
from scene.store.values import IdempotencyKey

KEY = ("task_id", "browser", "viewport_key", "target")
_COPIED = (*KEY, "task_name", "picture_sha256", "renderer", "masks", "snapshot_digest", "origin")
_OF_ALTERNATIVES = ("picture_sha256", "renderer", "masks", "origin")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A picture as a baseline will have it."""

    values: dict[str, Any]
    alternatives: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return tuple(str(self.values[name]) for name in KEY)

    @property
    def digest(self) -> str:
        return str(self.values["picture_sha256"])

    @property
    def digests(self) -> list[str]:
        """Of every picture that is right."""
        return [self.digest, *(str(each["picture_sha256"]) for each in self.alternatives)]


Items = dict[Key, Item]


@dataclass(frozen=True)
class NewBaseline:
    batch: RowMapping
    line: str
    kind: BaselineKind
    parent_id: str | None
    run_id: str | None = None
    source_id: str | None = None
    notes: str = ""
    changes: BaselineChanges | None = None
    key: IdempotencyKey | None = None


def lock_batch(transaction: Transaction, batch_id: str) -> RowMapping | None:
    """Baselines of a batch are made one after the other: each builds on the one before."""
    query = sa.select(batches).where(batches.c.id == batch_id)
    return transaction.first(query.with_for_update(key_share=True))


def items_of(transaction: Transaction, baseline_id: str) -> Items:
    """In their order."""
    query = sa.select(baseline_items).where(baseline_items.c.baseline_id == baseline_id)
    rows = transaction.all(query.order_by(baseline_items.c.position))
    others: dict[str, list[dict[str, Any]]] = {}
    for chunk in batched([row["id"] for row in rows]):
        found = sa.select(baseline_alternatives).where(baseline_alternatives.c.item_id.in_(chunk))
        for row in transaction.all(found.order_by(baseline_alternatives.c.position)):
            others.setdefault(row["item_id"], []).append({name: row[name] for name in _OF_ALTERNATIVES})
    items = [Item({name: row[name] for name in _COPIED}, others.get(row["id"], [])) for row in rows]
    return {item.key: item for item in items}


def members_of(transaction: Transaction, batch_id: str) -> dict[str, tuple[Task, bool]]:
    """The tasks of a batch as they are now, each with whether it is enabled."""
    query = sa.select(tasks, batch_tasks.c.enabled.label("enabled")).join(
        batch_tasks, batch_tasks.c.task_id == tasks.c.id
    )
    rows = transaction.all(query.where(batch_tasks.c.batch_id == batch_id))
    return {
        row["id"]: (Task.model_validate({name: row[name] for name in Task.model_fields}), row["enabled"])
        for row in rows
    }


def missing_of(items: Mapping[Key, Item], members: Iterable[tuple[Task, bool]], recorded: Iterable[str] = ()) -> int:
    """How many pictures the enabled tasks ask for that are not among the items; not of those tasks that were recorded:
    of them there is what there is."""
    settled = set(recorded)
    return sum(
        (task.id, str(browser), viewport.key, target.key) not in items
        for task, enabled in members
        if enabled and task.id not in settled
        for browser in task.browsers
        for viewport in task.viewports
        for target in task.targets
    )


def make(
    transaction: Transaction, new: NewBaseline, items: Sequence[Item], missing: int, by: Actor, created_by: str = ""
) -> Baseline:
    """Raises nothing: what is made has every picture that it names."""
    baseline = Baseline(
        id=new_id(),
        project_id=new.batch["project_id"],
        batch_id=new.batch["id"],
        line=new.line,
        kind=new.kind,
        run_id=new.run_id,
        parent_id=new.parent_id,
        source_id=new.source_id,
        created_at=transaction.now,
        created_by=created_by or by.label,
        notes=new.notes,
        items_total=len(items) + missing,
        items_succeeded=len(items),
        items_missing=missing,
        changes=new.changes,
    )
    stamps = {"idempotency_key": new.key.key if new.key else None}
    stamps["request_digest"] = new.key.request_digest if new.key else ""
    document = baseline.model_dump() | {"changes": new.changes.model_dump() if new.changes else None}
    transaction.insert(baselines, [document | stamps])
    ids = [new_id() for _ in items]
    transaction.insert(
        baseline_items,
        [
            _owned(item.values, baseline.id) | {"id": item_id, "baseline_id": baseline.id, "position": position}
            for position, (item_id, item) in enumerate(zip(ids, items, strict=True))
        ],
    )
    transaction.insert(
        baseline_alternatives,
        [
            _owned(other, baseline.id) | {"item_id": item_id, "position": position}
            for item_id, item in zip(ids, items, strict=True)
            for position, other in enumerate(item.alternatives)
        ],
    )
    run = [f"run:{new.run_id}"] if new.run_id else []
    data: dict[str, Any] = {"kind": new.kind, "items": len(items), "line": new.line}
    data |= {"source": new.source_id} if new.source_id else {}
    data |= new.changes.model_dump() if new.changes else {}
    record(transaction, by, "baseline.created", [f"baseline:{baseline.id}", *run, f"batch:{new.batch['id']}"], data)
    return baseline


def _owned(values: dict[str, Any], baseline_id: str) -> dict[str, Any]:
    """What is new begins here; what was copied came from where it came from."""
    origin = values["origin"]
    return values | {"origin": {**origin, "baseline_id": origin.get("baseline_id") or baseline_id} if origin else None}
