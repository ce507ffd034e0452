"""What was approved on one line, carried to another: as a merge of three baselines."""

import sqlalchemy as sa

from scene.domain.baselines import Baseline, BaselineKind
from scene.domain.promotion import CarryingDraft
from scene.errors import Invalid
from scene.store.sql.baselines import baseline_of, held_latest
from scene.store.sql.database import Transaction
from scene.store.sql.making import NewBaseline, items_of, lock_batch, members_of, missing_of
from scene.store.sql.promoting import Plan, differences, told
from scene.store.sql.recording import changes_of
from scene.store.sql.schema import baselines


def plan_of_line(transaction: Transaction, carried: Baseline, draft: CarryingDraft) -> Plan:
    """Everything in which a baseline differs from the one that its line forked from, on the other line's newest."""
    if draft.line == carried.line:
        raise Invalid.field("line", "is the line that the baseline is of; name another one")
    batch = lock_batch(transaction, carried.batch_id)
    assert batch is not None
    forked_from = _fork(transaction, carried)
    theirs = items_of(transaction, carried.id)
    base = items_of(transaction, forked_from) if forked_from else {}
    parent = held_latest(transaction, carried.batch_id, (draft.line,))
    before = items_of(transaction, parent.id) if parent else {}
    after, changes = dict(before), []
    for change in differences(base, theirs):
        key = change.item.key
        there = before.get(key)
        if key not in theirs:
            after.pop(key, None)
        else:
            after[key] = theirs[key]
        if (after[key].digests if key in after else None) == (there.digests if there else None):
            continue
        was = base.get(key)
        change.conflict = (there.digests if there else None) != (was.digests if was else None)
        change.before = there
        changes.append(change)
    counted = changes_of(before, after)
    new = NewBaseline(
        batch,
        draft.line,
        BaselineKind.CARRYING,
        parent.id if parent else None,
        source_id=carried.id,
        notes=draft.notes,
        changes=counted,
    )
    missing = missing_of(after, members_of(transaction, carried.batch_id).values())
    return Plan(told(transaction, new, parent, changes, counted.kept), new, after, missing)


def _fork(transaction: Transaction, carried: Baseline) -> str | None:
    """The first of its ancestors on another line; none when its line begins with itself, or it is gone."""
    ancestor: str | None = carried.parent_id
    while ancestor is not None:
        row = transaction.first(sa.select(baselines).where(baselines.c.id == ancestor))
        if row is None:
            return None
        if row["line"] != carried.line:
            return baseline_of(row).id
        ancestor = row["parent_id"]
    return None
