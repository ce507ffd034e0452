"""From what was approved in a run to a new baseline. The run is locked, and so are the baselines of its batch."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline, BaselineKind
from scene.domain.promotion import ChangeKind, ItemChange, Promotion, PromotionDraft
from scene.domain.reviews import Decision
from scene.domain.status import Status, Verdict
from scene.errors import NotFound
from scene.store.sql import pictures
from scene.store.sql.baselines import baseline_of, held_latest
from scene.store.sql.database import Transaction
from scene.store.sql.making import Item, Items, NewBaseline, items_of, lock_batch, members_of, missing_of
from scene.store.sql.recording import changes_of
from scene.store.sql.schema import baseline_items, baselines, comparisons, executions, reviews, runs, screenshots

_FROM_EXECUTION = ("task_id", "task_name", "browser", "viewport_key", "snapshot_digest")


@dataclass(frozen=True)
class Plan:
    """A baseline that could be made now."""

    promotion: Promotion
    new: NewBaseline
    items: Items
    missing: int


@dataclass
class _Change:
    kind: ChangeKind
    item: Item
    before: Item | None
    after_digest: str | None
    conflict: bool = False


def plan_of_run(transaction: Transaction, run: RowMapping, draft: PromotionDraft) -> Plan:
    """What was approved in a run, on the newest baseline of its line."""
    batch = lock_batch(transaction, run["batch_id"])
    if batch is None:
        raise NotFound.of("batch", run["batch_id"])
    line = draft.line or run["line"]
    parent = held_latest(transaction, batch["id"], (line, run["line"], run["parent_line"])) or _compared(
        transaction, run
    )
    before = items_of(transaction, parent.id) if parent else {}
    after, changes = dict(before), []
    for row in _approved(transaction, run["id"]):
        change = _apply(after, row, run)
        if change is not None:
            # Nothing else can be there than what the run itself compared with.
            change.conflict &= parent is not None and parent.id != run["baseline_id"]
            changes.append(change)
    members = members_of(transaction, batch["id"])
    if draft.drop_removed_tasks:
        for key in [key for key in after if key[0] not in members]:
            item = after.pop(key)
            changes.append(_Change(ChangeKind.DROPPED, item, item, None))
    new = NewBaseline(
        batch,
        line,
        BaselineKind.PROMOTION,
        parent.id if parent else None,
        run_id=run["id"],
        notes=draft.notes,
        changes=changes_of(before, after),
    )
    promotion = told(transaction, new, parent, changes, kept=new.changes.kept if new.changes else 0)
    return Plan(promotion, new, after, missing_of(after, members.values()))


def told(
    transaction: Transaction, new: NewBaseline, parent: Baseline | None, changes: list[_Change], kept: int
) -> Promotion:
    digests = [digest for change in changes for digest in (_digest(change.before), change.after_digest)]
    known = pictures.by_digest(transaction, digests)
    return Promotion(
        batch_id=new.batch["id"],
        line=new.line,
        parent=parent,
        kept=kept,
        changes=[
            ItemChange(
                kind=change.kind,
                before=known.get(_digest(change.before) or ""),
                after=known.get(change.after_digest or ""),
                conflict=change.conflict,
                **{
                    name: change.item.values[name]
                    for name in ("task_id", "task_name", "browser", "viewport_key", "target")
                },
            )
            for change in changes
        ],
    )


def differences(before: Items, after: Items) -> list[_Change]:
    """From one baseline to another: by key."""
    found = []
    for key, item in after.items():
        other = before.get(key)
        if other is None:
            found.append(_Change(ChangeKind.ADDED, item, None, item.digest))
        elif other.digest != item.digest:
            found.append(_Change(ChangeKind.REPLACED, item, other, item.digest))
        elif other.digests != item.digests:
            found.append(_Change(ChangeKind.ALTERNATIVE, item, other, item.digests[-1]))
    gone = [item for key, item in before.items() if key not in after]
    return found + [_Change(ChangeKind.REMOVED, item, item, None) for item in gone]


def _digest(item: Item | None) -> str | None:
    return item.digest if item else None


def _compared(transaction: Transaction, run: RowMapping) -> Baseline | None:
    """What the run compared with, where its line has nothing."""
    if run["baseline_id"] is None:
        return None
    query = sa.select(baselines).where(baselines.c.id == run["baseline_id"])
    row = transaction.first(query.with_for_update(read=True, key_share=True))
    return None if row is None else baseline_of(row)


def _approved(transaction: Transaction, run_id: str) -> list[RowMapping]:
    """What can be in a baseline: nothing that failed, and nothing that never stood still."""
    deciding = (
        sa.select(comparisons.c.screenshot_id, sa.func.max(comparisons.c.id).label("newest"))
        .where(comparisons.c.baseline_item_id.is_not(None))
        .group_by(comparisons.c.screenshot_id)
        .join_from(comparisons, screenshots, screenshots.c.id == comparisons.c.screenshot_id)
        .where(screenshots.c.run_id == run_id)
        .subquery()
    )
    query = (
        sa.select(
            *(executions.c[name] for name in _FROM_EXECUTION),
            *(screenshots.c[name] for name in ("target", "picture_sha256", "missing_sha256", "renderer", "masks")),
            screenshots.c.id.label("screenshot_id"),
            screenshots.c.verdict.label("verdict"),
            *(reviews.c[name] for name in ("as_alternative", "comment", "at", "actor_id")),
            baseline_items.c.picture_sha256.label("compared_sha256"),
        )
        .join(executions, executions.c.id == screenshots.c.execution_id)
        .join(
            reviews,
            sa.and_(reviews.c.screenshot_id == screenshots.c.id, reviews.c.version == screenshots.c.review_version),
        )
        .outerjoin(deciding, deciding.c.screenshot_id == screenshots.c.id)
        .outerjoin(comparisons, comparisons.c.id == deciding.c.newest)
        .outerjoin(baseline_items, baseline_items.c.id == comparisons.c.baseline_item_id)
        .where(
            screenshots.c.run_id == run_id,
            screenshots.c.review == Decision.APPROVED,
            screenshots.c.unstable.is_(sa.false()),
            executions.c.status == Status.FINISHED,
        )
        .order_by(executions.c.position, screenshots.c.position)
    )
    return list(transaction.all(query))


def _apply(items: Items, row: RowMapping, run: RowMapping) -> _Change | None:
    """Change the items by one approved screenshot; none where they have it already."""
    values = {name: row[name] for name in (*_FROM_EXECUTION, "target", "renderer", "masks")}
    origin: dict[str, Any] = {
        "run_id": run["id"],
        "screenshot_id": row["screenshot_id"],
        "by": row["actor_id"],
        "at": row["at"].isoformat(),
        "comment": row["comment"],
    }
    item = Item(values | {"picture_sha256": row["picture_sha256"], "origin": origin})
    before = items.get(item.key)
    if row["verdict"] == Verdict.MISSING:
        if before is None:
            return None
        del items[item.key]
        return _Change(ChangeKind.REMOVED, before, before, None, before.digest != row["missing_sha256"])
    if before is not None and item.digest in before.digests:
        return None
    if before is not None and row["as_alternative"]:
        other = {name: item.values[name] for name in ("picture_sha256", "renderer", "masks", "origin")}
        items[item.key] = Item(before.values, [*before.alternatives, other])
        return _Change(ChangeKind.ALTERNATIVE, item, before, item.digest)
    items[item.key] = item
    if before is None:
        return _Change(ChangeKind.ADDED, item, None, item.digest)
    return _Change(ChangeKind.REPLACED, item, before, item.digest, before.digest != row["compared_sha256"])


def locked_run(transaction: Transaction, run_id: str) -> RowMapping:
    """Raises NotFound."""
    row = transaction.first(sa.select(runs).where(runs.c.id == run_id).with_for_update())
    if row is None:
        raise NotFound.of("run", run_id)
    return row
