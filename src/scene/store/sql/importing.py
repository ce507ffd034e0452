"""A baseline of pictures that somebody brought."""

from collections.abc import Sequence
from typing import Any

from scene.domain.baselines import Baseline, BaselineKind
from scene.domain.importing import ImportDraft
from scene.domain.records import Actor
from scene.errors import NotFound
from scene.store.sql import pictures, snapshots
from scene.store.sql.baselines import held_latest
from scene.store.sql.database import Transaction
from scene.store.sql.making import Item, Items, NewBaseline, items_of, lock_batch, make, members_of, missing_of
from scene.store.sql.recording import changes_of
from scene.store.values import IdempotencyKey, ImportedItem


def bring_in(
    transaction: Transaction,
    batch_id: str,
    draft: ImportDraft,
    brought: Sequence[ImportedItem],
    by: Actor,
    key: IdempotencyKey | None,
) -> Baseline:
    """Raises NotFound."""
    batch = lock_batch(transaction, batch_id)
    if batch is None:
        raise NotFound.of("batch", batch_id)
    parent = held_latest(transaction, batch_id, (draft.line,))
    before = items_of(transaction, parent.id) if parent else {}
    further = [other for item in brought for other, *_ in item.alternatives]
    pictures.insert_new(transaction, [*(item.picture for item in brought), *further])
    imported = _items(transaction, brought, by)
    after = imported if draft.only_these else before | imported
    new = NewBaseline(
        batch,
        draft.line,
        BaselineKind.IMPORT,
        parent.id if parent else None,
        notes=draft.notes,
        changes=changes_of(before, after) if parent else None,
        key=key,
    )
    missing = missing_of(after, members_of(transaction, batch_id).values())
    return make(transaction, new, list(after.values()), missing, by)


def _items(transaction: Transaction, brought: Sequence[ImportedItem], by: Actor) -> Items:
    digests = snapshots.store(transaction, {item.place.task_id: item.snapshot for item in brought})
    items = [_item(item, digests[item.place.task_id], by, transaction.now.isoformat()) for item in brought]
    return {item.key: item for item in items}


def _item(brought: ImportedItem, snapshot_digest: str, by: Actor, at: str) -> Item:
    origin: dict[str, Any] = {"by": by.label, "at": at, "comment": f"Imported from {brought.file}"}
    values = brought.place.model_dump(mode="json") | {
        "picture_sha256": brought.picture.sha256,
        "renderer": brought.renderer.model_dump(mode="json"),
        "masks": [mask.model_dump(mode="json") for mask in brought.masks],
        "snapshot_digest": snapshot_digest,
        "origin": origin,
    }
    return Item(
        values,
        [
            {
                "picture_sha256": picture.sha256,
                "renderer": renderer.model_dump(mode="json"),
                "masks": [mask.model_dump(mode="json") for mask in masks],
                "origin": origin,
            }
            for picture, renderer, masks in brought.alternatives
        ],
    )
