"""The promise of a store for decisions of people: reviews, what is promoted, and what is in quarantine."""

from typing import Protocol

from scene.domain.pictures import Screenshot
from scene.domain.records import Actor
from scene.domain.reviews import Review, ReviewDraft, Reviewed, ReviewsDraft
from scene.domain.runs import Run


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
