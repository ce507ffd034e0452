"""The promise of a store for executions and their attempts."""

from collections.abc import Collection, Sequence
from typing import Protocol

from scene.domain.filters import EVERY_EXECUTION, ExecutionFilter
from scene.domain.progress import Backlog, RunEvent
from scene.domain.records import Actor
from scene.domain.runs import Attempt, Cell, ConfigurationSnapshot, Execution, Rerun
from scene.domain.stopping import Stop, StopMode
from scene.domain.viewport import Browser
from scene.store.values import Admitted, AttemptOutcome, Held, JudgedAgain, Slice, SliceRequest, Work


class Executions(Protocol):
    """Executions and their attempts: questions, and the moves of their life."""

    def get(self, execution_id: str) -> Execution: ...

    def of_run(self, run_id: str, request: SliceRequest, only: ExecutionFilter = EVERY_EXECUTION) -> Slice[Execution]:
        """In the order in which they start."""
        ...

    def changed_first(self, run_id: str, request: SliceRequest, only: ExecutionFilter) -> Slice[Execution]:
        """Task by task: those with a change, then with a failure, then without a baseline, then the others."""
        ...

    def log(self, run_id: str, limit: int) -> list[RunEvent]:
        """How its attempts started and ended: the newest lines, newest first."""
        ...

    def cells(self, run_id: str, rerun: Rerun) -> set[Cell]:
        """The executions of a run that its re-run repeats."""
        ...

    def configuration(self, execution: Execution) -> ConfigurationSnapshot:
        """What it uses, as it was frozen when its run was created."""
        ...

    def attempts(self, execution_id: str) -> list[Attempt]:
        """Oldest first."""
        ...

    def neighbours(self, execution: Execution) -> tuple[str | None, str | None]:
        """Ids of the previous and next execution of its run."""
        ...

    def admit(self) -> list[Admitted]:
        """Admit what caps, priority and fairness allow (nothing before its not_before)."""
        ...

    def waiting(self) -> list[Admitted]:
        """Everything admitted that no worker has started: what a queue that lost its jobs must get again."""
        ...

    def backlog(self) -> list[Backlog]:
        """What waits and what is under way, for each browser that has any."""
        ...

    def lately(self, newest: int) -> list[Browser]:
        """The browsers of the newest executions, those of most first."""
        ...

    def start(self, admitted_id: str, attempt: int, worker: str, lease_seconds: float) -> Work | None:
        """Move queued -> executing, and its run too. None when the attempt is no longer wanted."""
        ...

    def stop(self, execution_id: str, mode: StopMode, by: Actor) -> tuple[Execution, Stop, list[Admitted]]:
        """Raises NotFound. Nothing is changed when it has ended, or was asked to end before."""
        ...

    def renew(self, worker: str, lease_seconds: float, held: Collection[tuple[str, int]]) -> Held:
        """Extend the leases of what a worker has in hand, and say what of it is still wanted.

        held: (execution, attempt), at most some hundreds. What the worker has let go of without being able to record
        it is left to run out, and is taken over.
        """
        ...

    def finish(self, execution_id: str, attempt: int, outcome: AttemptOutcome) -> list[Admitted] | None:
        """Record how an attempt ended, and end its run with the last execution.

        One that failed for a transient reason is queued again while it has attempts left, after a while; of such an
        attempt only its files are kept.

        A baseline_recording whose executions all finished becomes a baseline in the same transaction: with the
        pictures of the recordings that it completes by ``rerun_of``, and with those items of the baseline before
        (the latest of its line, or else of its parent line) whose tasks it left out or the batch has disabled.
        None when the attempt is not the current one any more: nothing is changed.
        """
        ...

    def judge_again(self, execution_id: str, again: Sequence[JudgedAgain]) -> bool:
        """Add comparisons to the screenshots of an execution, all of which are given.

        Its own verdict, and that of its run with its counts, are then what they come to. False, and nothing is
        changed, when the execution is gone or its run has not ended.
        """
        ...

    def take_over(self, everything: bool) -> list[Admitted]:
        """Give up attempts whose lease ran out (or all, at the start of the only server).

        Each is recorded as failed with ``worker_lost``; its execution is queued again, or failed when the attempts
        of the settings are used up.
        """
        ...

    def hand_back(self, worker: str) -> list[Admitted]:
        """Give up what a worker that ends still has in hand, as ``take_over`` does."""
        ...

    def expire(self) -> list[Admitted]:
        """End runs past their deadline with ``run_timeout``: what is queued or executing in them fails."""
        ...
