"""New baselines out of older ones."""

from collections.abc import Sequence

import sqlalchemy as sa

from scene.domain.baselines import Baseline, BaselineKind
from scene.domain.importing import ImportDraft
from scene.domain.promotion import (
    CarryingDraft,
    Promotion,
    PromotionDraft,
    RestorationDraft,
    check,
)
from scene.domain.records import Actor, EventType
from scene.domain.reviews import check_run
from scene.errors import Conflict, IdempotencyConflict, Invalid, NotFound
from scene.store.sql.baselines import baseline_of, held_latest
from scene.store.sql.carrying import plan_of_line
from scene.store.sql.database import Database, Transaction
from scene.store.sql.differing import differences_of
from scene.store.sql.importing import bring_in
from scene.store.sql.making import NewBaseline, items_of, lock_batch, make, members_of, missing_of
from scene.store.sql.outbox import Outbox
from scene.store.sql.promoting import Plan, locked_run, plan_of_run
from scene.store.sql.recording import changes_of
from scene.store.sql.schema import baselines
from scene.store.sql.superseding import refuse_superseded
from scene.store.values import BaselineDifferences, IdempotencyKey, ImportedItem, SliceRequest


class SqlPromotions:
    def __init__(self, database: Database, public_url: str) -> None:
        self._database = database
        self._public_url = public_url

    def preview(self, run_id: str, draft: PromotionDraft) -> Promotion:
        # A writing transaction, for its locks; it writes nothing.
        with self._database.write() as transaction:
            run = locked_run(transaction, run_id)
            check_run(run_id, run["purpose"], run["status"])
            return plan_of_run(transaction, run, draft).promotion

    def promote(
        self, run_id: str, draft: PromotionDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        with self._database.write() as transaction:
            if (made := _made_with(transaction, key)) is not None:
                return made, False
            run = locked_run(transaction, run_id)
            check_run(run_id, run["purpose"], run["status"])
            refuse_superseded(transaction, run, allowed=draft.allow_superseded)
            baseline = _make(transaction, plan_of_run(transaction, run, draft), draft.overwrite, by, key)
            Outbox(transaction, self._public_url).tell_run(EventType.BASELINE_FINALIZED, run_id, baseline)
            return baseline, True

    def preview_carrying(self, baseline_id: str, draft: CarryingDraft) -> Promotion:
        with self._database.write() as transaction:
            return plan_of_line(transaction, _held(transaction, baseline_id), draft).promotion

    def carry(
        self, baseline_id: str, draft: CarryingDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        with self._database.write() as transaction:
            if (made := _made_with(transaction, key)) is not None:
                return made, False
            plan = plan_of_line(transaction, _held(transaction, baseline_id), draft)
            return _make(transaction, plan, draft.overwrite, by, key), True

    def restore(
        self, baseline_id: str, draft: RestorationDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        with self._database.write() as transaction:
            if (made := _made_with(transaction, key)) is not None:
                return made, False
            old = _held(transaction, baseline_id)
            batch = lock_batch(transaction, old.batch_id)
            assert batch is not None
            parent = held_latest(transaction, old.batch_id, (old.line,))
            if parent is None or parent.id == old.id:
                raise Conflict(f"It is the newest baseline of the line {old.line!r} already.")
            items = items_of(transaction, old.id)
            new = NewBaseline(
                batch,
                old.line,
                BaselineKind.RESTORATION,
                parent.id,
                source_id=old.id,
                notes=draft.notes,
                changes=changes_of(items_of(transaction, parent.id), items),
                key=key,
            )
            missing = missing_of(items, members_of(transaction, old.batch_id).values())
            return make(transaction, new, list(items.values()), missing, by), True

    def bring_in(
        self,
        batch_id: str,
        draft: ImportDraft,
        items: Sequence[ImportedItem],
        by: Actor,
        key: IdempotencyKey | None = None,
    ) -> tuple[Baseline, bool]:
        with self._database.write() as transaction:
            if (made := _made_with(transaction, key)) is not None:
                return made, False
            return bring_in(transaction, batch_id, draft, items, by, key), True

    def compare(self, before_id: str, after_id: str, request: SliceRequest) -> BaselineDifferences:
        with self._database.read() as transaction:
            before, after = _read(transaction, before_id), _read(transaction, after_id)
            if before.batch_id != after.batch_id:
                raise Invalid.field("with", "is a baseline of another batch")
            return differences_of(transaction, before, after, request)


def _make(transaction: Transaction, plan: Plan, overwrite: bool, by: Actor, key: IdempotencyKey | None) -> Baseline:
    check(plan.promotion, overwrite=overwrite)
    new = NewBaseline(**{**plan.new.__dict__, "key": key})
    return make(transaction, new, list(plan.items.values()), plan.missing, by)


def _made_with(transaction: Transaction, key: IdempotencyKey | None) -> Baseline | None:
    """Raises IdempotencyConflict when the key was used for another request."""
    if key is None:
        return None
    row = transaction.first(sa.select(baselines).where(baselines.c.idempotency_key == key.key))
    if row is None:
        return None
    if row["request_digest"] != key.request_digest:
        raise IdempotencyConflict(
            f"Idempotency-Key: {key.key!r} was used for another request, which made the baseline {row['id']}; "
            "use a new key for a new request."
        )
    return baseline_of(row)


def _read(transaction: Transaction, baseline_id: str) -> Baseline:
    row = transaction.first(sa.select(baselines).where(baselines.c.id == baseline_id))
    if row is None:
        raise NotFound.of("baseline", baseline_id)
    return baseline_of(row)


def _held(transaction: Transaction, baseline_id: str) -> Baseline:
    """Nobody deletes it until the transaction ends. Raises NotFound."""
    query = sa.select(baselines).where(baselines.c.id == baseline_id)
    row = transaction.first(query.with_for_update(read=True, key_share=True))
    if row is None:
        raise NotFound.of("baseline", baseline_id)
    return baseline_of(row)
