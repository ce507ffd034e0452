"""The promise of a store: whole atomic verbs.

Every verb is one transaction that carries the change, its audit entry and its webhook deliveries. A move is a guarded
update: a verb that loses a race says so (None, False or an empty list) and has changed nothing. Verbs that create or
end work also admit what may start next, and return it, so that the caller can put the jobs after the commit.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.belongings import Belongings
from scene.domain.filters import EVERY_ENTRY, EVERY_EXECUTION, AuditFilter, ExecutionFilter, RunFilter, ScreenshotFilter
from scene.domain.pictures import Artifact, Picture, Screenshot
from scene.domain.progress import Backlog, RunEvent, RunTally
from scene.domain.records import Actor, AuditEntry
from scene.domain.runs import (
    Attempt,
    Cell,
    ConfigurationSnapshot,
    DryRunDraft,
    Execution,
    Rerun,
    Run,
    RunDraft,
    RunPlan,
)
from scene.domain.settings import Settings, SettingsRecord
from scene.domain.stopping import Stop, StopMode
from scene.domain.trends import PastExecution, TaskSteadiness
from scene.domain.viewport import Browser
from scene.store.access import Sessions, Throttles, Tokens, Users
from scene.store.auth import AuthProfiles
from scene.store.catalog import Batches, Pages, Projects, Tasks
from scene.store.retaining import Retention
from scene.store.reviewing import Promotions, Quarantines, Reviews
from scene.store.schedules import Schedules
from scene.store.secrets import Secrets
from scene.store.values import (
    MAX_SLICE,
    Admitted,
    AttemptOutcome,
    BaselineDifferences,
    CapturedScreenshot,
    CreatedRun,
    Held,
    IdempotencyKey,
    JudgedAgain,
    Slice,
    SliceRequest,
    Work,
)
from scene.store.webhooks import Deliveries, Webhooks
from scene.store.workers import Workers

__all__ = [
    "MAX_SLICE",
    "Admitted",
    "Artifacts",
    "AttemptOutcome",
    "AuthProfiles",
    "BaselineDifferences",
    "Baselines",
    "Batches",
    "Belonging",
    "CapturedScreenshot",
    "CreatedRun",
    "Deliveries",
    "Executions",
    "Held",
    "IdempotencyKey",
    "JudgedAgain",
    "Pages",
    "Projects",
    "Promotions",
    "Quarantines",
    "Records",
    "Retention",
    "Reviews",
    "Runs",
    "Schedules",
    "Screenshots",
    "Secrets",
    "Sessions",
    "SettingsStore",
    "Slice",
    "SliceRequest",
    "Store",
    "Tasks",
    "Throttles",
    "Tokens",
    "Trends",
    "Users",
    "Webhooks",
    "Work",
    "Workers",
]


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


class Screenshots(Protocol):
    def of(self, execution_ids: list[str]) -> dict[str, list[Screenshot]]:
        """The screenshots of each execution, in the order of its targets, with their comparisons."""
        ...

    def get(self, screenshot_id: str) -> Screenshot: ...

    def of_run(self, run_id: str, request: SliceRequest, only: ScreenshotFilter) -> Slice[Screenshot]:
        """Newest first."""
        ...

    def picture(self, sha256: str) -> Picture | None:
        """The picture with this digest, if it was captured before."""
        ...


class Baselines(Protocol):
    def get(self, baseline_id: str) -> Baseline: ...

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]: ...

    def items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        """In the order in which they were recorded."""
        ...

    def items_by_id(self, ids: Collection[str]) -> dict[str, BaselineItem]:
        """Those of the items that there are."""
        ...

    def latest(self, batch_id: str, line: str) -> Baseline | None: ...

    def latest_of_task(self, task_id: str) -> Baseline | None:
        """The newest of the line ``main`` that has pictures of the task, among the batches that the task is in."""
        ...

    def delete(self, baseline_id: str, by: Actor) -> None:
        """Raises NotFound, InUse while a batch pins it or a run is there that compared with it."""
        ...


class Artifacts(Protocol):
    def get(self, artifact_id: str) -> Artifact: ...

    def of(self, execution_id: str) -> list[Artifact]:
        """Files of an execution's attempts, oldest first."""
        ...

    def referenced(self, digests: Collection[str]) -> set[str]:
        """Those of the digests that an artifact names: their blobs must stay."""
        ...


class Records(Protocol):
    """Audit entries: never changed, and never removed."""

    def audit(self, request: SliceRequest, only: AuditFilter = EVERY_ENTRY) -> Slice[AuditEntry]:
        """Newest first."""
        ...

    def in_order(self, after: int, limit: int, only: AuditFilter = EVERY_ENTRY) -> list[AuditEntry]:
        """Those whose ``seq`` is greater, in the order in which they were written; at most so many."""
        ...

    def note(self, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
        """An audit entry of something that changed nothing else, such as a refusal."""
        ...


class Trends(Protocol):
    """Over many runs at once."""

    def of_task(self, task_id: str, newest: int) -> list[PastExecution]:
        """Its executions in so many of the newest ended comparisons that it was in: those of a run together, in their
        order, oldest run first."""
        ...

    def of_runs(self, run_ids: Collection[str]) -> list[TaskSteadiness]:
        """Each task of these runs, in no order."""
        ...


class Belonging(Protocol):
    """How much belongs to something; nothing where there is no such thing."""

    def of_project(self, project_id: str) -> Belongings: ...

    def of_page(self, page_id: str) -> Belongings:
        """The tasks that use it."""
        ...

    def of_task(self, task_id: str) -> Belongings:
        """The batches that it is in, and what of it is in quarantine."""
        ...

    def of_batch(self, batch_id: str) -> Belongings: ...

    def of_run(self, run_id: str) -> Belongings:
        """Its executions, and the baselines that were made of it."""
        ...


class SettingsStore(Protocol):
    def get(self) -> SettingsRecord: ...

    def replace(
        self, settings: Settings, expected_version: int | None, by: Actor
    ) -> tuple[SettingsRecord, list[Admitted]]:
        """And admit what a higher cap allows. Raises VersionConflict, InUse when tasks use what is taken away."""
        ...


class Store(Protocol):
    projects: Projects
    auth_profiles: AuthProfiles
    pages: Pages
    tasks: Tasks
    batches: Batches
    runs: Runs
    executions: Executions
    screenshots: Screenshots
    baselines: Baselines
    promotions: Promotions
    quarantines: Quarantines
    retention: Retention
    reviews: Reviews
    artifacts: Artifacts
    records: Records
    settings: SettingsStore
    trends: Trends
    belonging: Belonging
    schedules: Schedules
    users: Users
    sessions: Sessions
    tokens: Tokens
    throttles: Throttles
    webhooks: Webhooks
    deliveries: Deliveries
    secrets: Secrets
    workers: Workers
    place: str
    """Which database this is, for people: without a password."""

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several servers start at once."""
        ...

    def check(self) -> None:
        """Raises StorageError when the database does not answer."""
        ...

    def close(self) -> None: ...
