"""In what one baseline differs from another: the database compares their items, and one slice of it is read."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline
from scene.domain.pictures import Picture
from scene.domain.promotion import ChangeKind, ItemChange
from scene.store.sql import pictures
from scene.store.sql.database import Transaction
from scene.store.sql.making import KEY
from scene.store.sql.paging import slice_of
from scene.store.sql.schema import baseline_alternatives, baseline_items
from scene.store.values import BaselineDifferences, Slice, SliceRequest

_SHOWN = (*KEY, "task_name")


def differences_of(
    transaction: Transaction, before: Baseline, after: Baseline, request: SliceRequest
) -> BaselineDifferences:
    differing = _differing(before, after)
    counted = transaction.all(sa.select(differing.c.kind, sa.func.count().label("number")).group_by(differing.c.kind))
    numbers = {ChangeKind(row["kind"]): row["number"] for row in counted}
    scope = f"differences {before.id} {after.id}"
    rows, cursor = slice_of(transaction, sa.select(differing), differing.c.place, request, scope)
    known = pictures.by_digest(transaction, [row[name] for row in rows for name in ("before_sha256", "after_sha256")])
    return BaselineDifferences(
        before,
        after,
        numbers,
        # Both have it: all of the one before but what is removed or other.
        kept=before.items_succeeded - sum(numbers.values()) + numbers.get(ChangeKind.ADDED, 0),
        changes=Slice([_change(row, known) for row in rows], cursor),
    )


def _change(row: RowMapping, known: dict[str, Picture]) -> ItemChange:
    return ItemChange(
        kind=row["kind"],
        before=known.get(row["before_sha256"]),
        after=known.get(row["after_sha256"]),
        **{name: row[name] for name in _SHOWN},
    )


def _differing(before: Baseline, after: Baseline) -> sa.Subquery:
    """Rows with the place of a difference among all of them: those of the one after in its order, then what is gone."""
    old, new = baseline_items.alias("old"), baseline_items.alias("new")
    same = sa.and_(*(old.c[name] == new.c[name] for name in KEY))
    kind = sa.case(
        (old.c.id.is_(None), ChangeKind.ADDED),
        (old.c.picture_sha256 != new.c.picture_sha256, ChangeKind.REPLACED),
        (sa.or_(_lacks(old, new), _lacks(new, old)), ChangeKind.ALTERNATIVE),
    )
    there = (
        sa.select(
            new.c.position.label("place"),
            kind.label("kind"),
            *(new.c[name] for name in _SHOWN),
            old.c.picture_sha256.label("before_sha256"),
            sa.case((old.c.picture_sha256 == new.c.picture_sha256, _last(new)), else_=new.c.picture_sha256).label(
                "after_sha256"
            ),
        )
        .outerjoin_from(new, old, sa.and_(old.c.baseline_id == before.id, same))
        .where(new.c.baseline_id == after.id)
    )
    gone = sa.select(
        # Beyond every position of the one after: those of a baseline count from 0.
        (old.c.position + after.items_succeeded).label("place"),
        sa.literal(ChangeKind.REMOVED).label("kind"),
        *(old.c[name] for name in _SHOWN),
        old.c.picture_sha256.label("before_sha256"),
        sa.null().label("after_sha256"),
    ).where(old.c.baseline_id == before.id, ~sa.exists().where(new.c.baseline_id == after.id, same))
    both = sa.union_all(there, gone).subquery()
    return sa.select(both).where(both.c.kind.is_not(None)).subquery("differing")


def _lacks(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether the other has an alternative that this one has not in the same place."""
    mine, theirs = baseline_alternatives.alias(), baseline_alternatives.alias()
    same = sa.and_(
        mine.c.item_id == one.c.id,
        mine.c.position == theirs.c.position,
        mine.c.picture_sha256 == theirs.c.picture_sha256,
    )
    query = sa.select(theirs.c.item_id).outerjoin_from(theirs, mine, same)
    return query.where(theirs.c.item_id == other.c.id, mine.c.item_id.is_(None)).exists()


def _last(item: sa.FromClause) -> sa.ColumnElement[Any]:
    """The digest of its last alternative; of its own picture where it has none."""
    others = sa.select(baseline_alternatives.c.picture_sha256).where(baseline_alternatives.c.item_id == item.c.id)
    newest = others.order_by(baseline_alternatives.c.position.desc()).limit(1)
    return sa.func.coalesce(newest.scalar_subquery(), item.c.picture_sha256)
