"""Decide on what a run captured, and make baselines of what was approved."""

from collections.abc import Callable
from typing import TypeVar

from scene.domain.baselines import Baseline
from scene.domain.model import Model
from scene.domain.pictures import Screenshot
from scene.domain.promotion import CarryingDraft, Promotion, PromotionDraft, RestorationDraft
from scene.domain.records import Actor
from scene.domain.reviews import Review, ReviewDraft, Reviewed, ReviewsDraft
from scene.domain.runs import Run
from scene.store.base import Store
from scene.store.values import BaselineDifferences, IdempotencyKey, SliceRequest

D = TypeVar("D", bound=Model)


class Reviews:
    def __init__(self, store: Store) -> None:
        self._store = store

    def decide(self, screenshot_id: str, draft: ReviewDraft, by: Actor) -> Screenshot:
        """The screenshot with its new review. Raises Conflict when somebody else decided first, and who."""
        return self._store.reviews.decide(screenshot_id, draft, by)

    def decide_many(self, run_id: str, draft: ReviewsDraft, by: Actor) -> Reviewed:
        """Decide on those that nobody has decided on yet; what others decided stays."""
        return self._store.reviews.decide_many(run_id, draft, by)

    def take_back(self, run_id: str, group_id: str, by: Actor) -> Reviewed:
        """Decisions that were made at once, as far as nobody has changed them since."""
        return self._store.reviews.take_back(run_id, group_id, by)

    def history(self, screenshot_id: str) -> list[Review]:
        """Newest first. Raises NotFound."""
        self._store.screenshots.get(screenshot_id)
        return self._store.reviews.of(screenshot_id)

    def superseded_by(self, run_id: str) -> Run | None:
        """A newer run of the same batch, line and labels, if there is one."""
        return self._store.reviews.superseded_by(run_id)


class Promotions:
    def __init__(self, store: Store) -> None:
        self._store = store

    def preview(self, run_id: str, draft: PromotionDraft) -> Promotion:
        return self._store.promotions.preview(run_id, draft)

    def promote(self, run_id: str, draft: PromotionDraft, by: Actor, key: str | None) -> tuple[Baseline, bool]:
        """A new baseline, or that of the same request with the same key; and whether it is new."""
        return _once(self._store.promotions.promote, f"promote {run_id}", run_id, draft, by, key)

    def preview_carrying(self, baseline_id: str, draft: CarryingDraft) -> Promotion:
        return self._store.promotions.preview_carrying(baseline_id, draft)

    def carry(self, baseline_id: str, draft: CarryingDraft, by: Actor, key: str | None) -> tuple[Baseline, bool]:
        return _once(self._store.promotions.carry, f"carry {baseline_id}", baseline_id, draft, by, key)

    def restore(self, baseline_id: str, draft: RestorationDraft, by: Actor, key: str | None) -> tuple[Baseline, bool]:
        return _once(self._store.promotions.restore, f"restore {baseline_id}", baseline_id, draft, by, key)

    def compare(self, before_id: str, after_id: str, request: SliceRequest) -> BaselineDifferences:
        """In what the second differs from the first: the numbers of all of it, and one slice."""
        return self._store.promotions.compare(before_id, after_id, request)


def _once(
    make: Callable[[str, D, Actor, IdempotencyKey | None], tuple[Baseline, bool]],
    what: str,
    entity_id: str,
    draft: D,
    by: Actor,
    key: str | None,
) -> tuple[Baseline, bool]:
    known = IdempotencyKey(key, f"{what} {draft.digest_as_given()}") if key is not None else None
    return make(entity_id, draft, by, known)
