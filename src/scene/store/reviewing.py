"""The promise of a store for decisions of people: reviews, what is promoted, and what is in quarantine."""

from collections.abc import Sequence
from typing import Protocol

from scene.domain.baselines import Baseline
from scene.domain.importing import ImportDraft
from scene.domain.pictures import Screenshot
from scene.domain.promotion import CarryingDraft, Promotion, PromotionDraft, RestorationDraft
from scene.domain.quarantines import Quarantine, QuarantineDraft
from scene.domain.records import Actor
from scene.domain.reviews import Review, ReviewDraft, Reviewed, ReviewsDraft
from scene.domain.runs import Run
from scene.store.values import BaselineDifferences, IdempotencyKey, ImportedItem, Slice, SliceRequest


class Reviews(Protocol):
    """Decisions on the screenshots of a run, one after the other: whoever comes second sees what the first decided."""

    def decide(self, screenshot_id: str, draft: ReviewDraft, by: Actor) -> Screenshot:
        """Raises NotFound; Conflict where there is nothing to decide, the run is active, or the decision is none that
        can be made; Superseded, AlreadyDecided, SeenOtherwise."""
        ...

    def decide_many(self, run_id: str, draft: ReviewsDraft, by: Actor) -> Reviewed:
        """Of what nobody has decided yet. What is in quarantine, and for an approval what never stood still, is
        skipped. Raises NotFound, Conflict, Superseded."""
        ...

    def take_back(self, run_id: str, group_id: str, by: Actor) -> Reviewed:
        """Those decisions of a group that nobody has changed since. Raises NotFound."""
        ...

    def of(self, screenshot_id: str) -> list[Review]:
        """Every decision on it, newest first."""
        ...

    def superseded_by(self, run_id: str) -> Run | None:
        """The newest run of the same batch, line and labels (but for commit and build_url), when it is a newer one
        of everything. Raises NotFound."""
        ...


class Promotions(Protocol):
    """New baselines out of older ones. Nothing that is there changes."""

    def preview(self, run_id: str, draft: PromotionDraft) -> Promotion:
        """What ``promote`` would make now. Raises NotFound, Conflict for a run that is not reviewed."""
        ...

    def promote(
        self, run_id: str, draft: PromotionDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        """The new baseline, or that which the same request made before; and whether it is new.

        Raises NotFound, Conflict, Superseded, BaselineMoved, IdempotencyConflict.
        """
        ...

    def preview_carrying(self, baseline_id: str, draft: CarryingDraft) -> Promotion: ...

    def carry(
        self, baseline_id: str, draft: CarryingDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        """On another line's newest baseline, everything in which this one differs from the one that its line forked
        from. Raises NotFound, Invalid (``line``), Conflict, BaselineMoved, IdempotencyConflict."""
        ...

    def restore(
        self, baseline_id: str, draft: RestorationDraft, by: Actor, key: IdempotencyKey | None = None
    ) -> tuple[Baseline, bool]:
        """A new baseline of its line with the same pictures. Raises NotFound, Conflict when it is the newest."""
        ...

    def bring_in(
        self,
        batch_id: str,
        draft: ImportDraft,
        items: Sequence[ImportedItem],
        by: Actor,
        key: IdempotencyKey | None = None,
    ) -> tuple[Baseline, bool]:
        """A new baseline of these pictures, whose blobs are stored, and by default of the others of the line's newest.

        Raises NotFound, IdempotencyConflict.
        """
        ...

    def compare(self, before_id: str, after_id: str, request: SliceRequest) -> BaselineDifferences:
        """In what the second differs from the first: in the order of the second, then what only the first has.

        Raises NotFound, Invalid when they are of two batches.
        """
        ...


class Quarantines(Protocol):
    """What is counted in no verdict for a while. Screenshots keep the id of the one that they were taken in."""

    def create(self, project_id: str, draft: QuarantineDraft, by: Actor) -> Quarantine:
        """Raises NotFound (project), Invalid (``task_id``, or what the task never captured; ``expires_at``),
        AlreadyQuarantined while one of exactly the same has not expired."""
        ...

    def get(self, quarantine_id: str) -> Quarantine: ...

    def newest(self, project_id: str | None, task_id: str | None, request: SliceRequest) -> Slice[Quarantine]:
        """Expired ones too."""
        ...

    def replace(
        self, quarantine_id: str, draft: QuarantineDraft, expected_version: int | None, by: Actor
    ) -> Quarantine:
        """Raises NotFound, Invalid when it would be of something else, VersionConflict."""
        ...

    def lift(self, quarantine_id: str, expected_version: int | None, by: Actor) -> None:
        """Raises NotFound, VersionConflict."""
        ...
