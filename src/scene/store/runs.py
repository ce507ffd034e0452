"""The promise of a store for runs."""

from datetime import datetime
from typing import Protocol

from scene.domain.filters import RunFilter
from scene.domain.progress import RunTally
from scene.domain.records import Actor
from scene.domain.runs import DryRunDraft, Run, RunDraft, RunPlan
from scene.domain.stopping import Stop, StopMode
from scene.store.values import Admitted, CreatedRun, IdempotencyKey, Slice, SliceRequest


class Runs(Protocol):
    def create(self, draft: RunDraft, plan: RunPlan, by: Actor, key: IdempotencyKey | None = None) -> CreatedRun:
        """Persist a run with all its executions before the first starts.

        Where the key was used for the same request, the run is the one that it made then.
        Raises NotFound (batch), Invalid (``baseline_id`` not of this batch, ``rerun_of`` not an ended run of it),
        IdempotencyConflict when the key was used for another request.
        """
        ...

    def start_dry(self, task_id: str, draft: DryRunDraft, plan: RunPlan, by: Actor) -> CreatedRun:
        """A run of one execution that is in no list, told to no webhook, and written into no audit entry.

        Raises NotFound (task), Invalid when the plan's baseline is gone.
        """
        ...

    def purge_dry(self, before: datetime, dry_run: bool = False) -> int:
        """Delete the dry runs that were created before a moment and have ended; how many. dry_run: only count them."""
        ...

    def get(self, run_id: str) -> Run: ...

    def made_with(self, key: IdempotencyKey) -> Run | None:
        """The run that this request made before. Raises IdempotencyConflict when it was another request."""
        ...

    def newest(self, only: RunFilter, request: SliceRequest) -> Slice[Run]:
        """Newest first, without dry runs."""
        ...

    def tally(self, only: RunFilter, newest: int) -> RunTally:
        """How many of the newest so many runs are where, and of which JIRA issue; without dry runs."""
        ...

    def delete(self, run_id: str, by: Actor) -> None:
        """With all that it captured, except pictures that something else shows.

        Raises NotFound, InUse while it or a re-run of it is active.
        """
        ...

    def begin_comparing_again(self, run_id: str, by: Actor) -> Run:
        """Record who compares an ended run again. Raises NotFound, Conflict for an active run and for a recording."""
        ...

    def end_comparing_again(self, run_id: str) -> Run:
        """Tell what came of it, as the end of the run. Raises NotFound."""
        ...

    def stop(self, run_id: str, mode: StopMode, by: Actor) -> tuple[Run, Stop, list[Admitted]]:
        """Stop all that is active in a run, which then ends as failed. Raises NotFound.

        Nothing is changed when it has ended, or was stopped in this way before.
        """
        ...

    def active(self) -> int:
        """How many runs are queued or executing."""
        ...
