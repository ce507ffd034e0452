"""The promise of a store: whole atomic verbs.

Every verb is one transaction that carries the change, its audit entry and its webhook deliveries. A move is a guarded
update: a verb that loses a race says so (None, False or an empty list) and has changed nothing. Verbs that create or
end work also admit what may start next, and return it, so that the caller can put the jobs after the commit.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.catalog import Batch, BatchDraft, Page, PageDraft, Project, ProjectDraft, Task, TaskDraft
from scene.domain.comparison import Box
from scene.domain.filters import EVERY_EXECUTION, ExecutionFilter, RunFilter
from scene.domain.pictures import Artifact, Comparison, Picture, Renderer, Screenshot
from scene.domain.records import (
    Actor,
    AuditEntry,
    Delivery,
    Webhook,
    WebhookDraft,
)
from scene.domain.runs import (
    Attempt,
    AttemptStep,
    Cell,
    ConfigurationSnapshot,
    Execution,
    Rerun,
    Run,
    RunDraft,
    RunPlan,
)
from scene.domain.settings import Settings, SettingsRecord
from scene.domain.status import Reason, Status, Verdict

T = TypeVar("T")

MAX_SLICE = 100


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list."""

    items: list[T]
    next_cursor: str | None
    """Asks for the rest; none at the end."""


@dataclass(frozen=True)
class SliceRequest:
    limit: int = 50
    """1 to 100."""
    cursor: str | None = None
    """``next_cursor`` of the slice before. A cursor that no slice gave raises Invalid, naming ``cursor``."""


@dataclass(frozen=True)
class Admitted:
    """An attempt that may start now: it deserves a job."""

    execution_id: str
    attempt: int
    browser: str
    priority: int


class CreatedRun(NamedTuple):
    run: Run
    admitted: list[Admitted]
    is_new: bool
    """False when an earlier request with the same key made the run: nothing was changed."""


@dataclass(frozen=True)
class IdempotencyKey:
    """What the same request is known by, however often it is sent."""

    key: str
    request_digest: str


@dataclass(frozen=True)
class Work:
    """What the worker that started an attempt needs to know."""

    run: Run
    execution: Execution
    snapshot: ConfigurationSnapshot
    baseline_items: list[BaselineItem]
    """Of this task, browser and viewport in the run's baseline; empty for a recording."""


@dataclass(frozen=True)
class CapturedScreenshot:
    """A screenshot as its attempt hands it over. Ids are given by the caller."""

    id: str
    target: str
    picture: Picture | None
    """None with the verdict ``missing``."""
    renderer: Renderer | None
    verdict: Verdict | None
    unstable: bool = False
    unstable_area: Box | None = None
    frames: int = 0
    comparisons: list[Comparison] = field(default_factory=list)


@dataclass(frozen=True)
class AttemptOutcome:
    """How an attempt ended, with everything it produced."""

    status: Status
    """finished or failed."""
    reason: Reason | None = None
    message: str = ""
    exit_code: int | None = None
    duration_ms: float = 0
    steps: list[AttemptStep] = field(default_factory=list)
    timings_ms: dict[str, float] = field(default_factory=dict)
    screenshots: list[CapturedScreenshot] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    """Files of the attempt itself; those of pictures and comparisons come with them."""


class Projects(Protocol):
    def create(self, draft: ProjectDraft, by: Actor) -> Project:
        """Raises AlreadyExists (slug)."""
        ...

    def get(self, project_id: str) -> Project:
        """Raises NotFound."""
        ...

    def newest(self, request: SliceRequest) -> Slice[Project]:
        """Newest first."""
        ...

    def replace(self, project_id: str, draft: ProjectDraft, expected_version: int | None, by: Actor) -> Project:
        """Raises NotFound, AlreadyExists, VersionConflict when expected_version is given and no longer true."""
        ...

    def delete(self, project_id: str, expected_version: int | None, by: Actor) -> None:
        """With its pages, tasks, batches, runs and baselines. Raises InUse while one of its runs is active."""
        ...


class Pages(Protocol):
    def create(self, project_id: str, draft: PageDraft, by: Actor) -> Page:
        """Raises NotFound (project), AlreadyExists (name)."""
        ...

    def get(self, page_id: str) -> Page: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Page]: ...

    def replace(self, page_id: str, draft: PageDraft, expected_version: int | None, by: Actor) -> Page: ...

    def delete(self, page_id: str, expected_version: int | None, by: Actor) -> None:
        """Raises InUse, naming the tasks that use it. History keeps what it used."""
        ...


class Tasks(Protocol):
    def create(self, project_id: str, draft: TaskDraft, by: Actor) -> Task:
        """Raises NotFound (project), AlreadyExists (name), Invalid (page_id not of this project, ``browsers[i]`` not
        available)."""
        ...

    def get(self, task_id: str) -> Task: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Task]: ...

    def replace(self, task_id: str, draft: TaskDraft, expected_version: int | None, by: Actor) -> Task: ...

    def delete(self, task_id: str, expected_version: int | None, by: Actor) -> None:
        """Takes it out of its batches too. Raises InUse while an active run executes it."""
        ...


class Batches(Protocol):
    def create(self, project_id: str, draft: BatchDraft, by: Actor) -> Batch:
        """Raises NotFound (project), AlreadyExists (name), Invalid when something is not of this project or batch:
        ``tasks[i].task_id``, ``baseline_policy.baseline_id``."""
        ...

    def get(self, batch_id: str) -> Batch: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Batch]: ...

    def replace(self, batch_id: str, draft: BatchDraft, expected_version: int | None, by: Actor) -> Batch: ...

    def delete(self, batch_id: str, expected_version: int | None, by: Actor) -> None:
        """With its baselines and runs. Raises InUse while one of its runs is active."""
        ...

    def matrix(self, batch_id: str) -> tuple[Project, Batch, list[tuple[Task, Page]]]:
        """Everything a run of the batch is made of: its enabled tasks in order, each with its page."""
        ...


class Runs(Protocol):
    def create(self, draft: RunDraft, plan: RunPlan, by: Actor, key: IdempotencyKey | None = None) -> CreatedRun:
        """Persist a run with all its executions before the first starts.

        Where the key was used for the same request, the run is the one that it made then.
        Raises NotFound (batch), Invalid (``baseline_id`` not of this batch, ``rerun_of`` not an ended run of it),
        IdempotencyConflict when the key was used for another request.
        """
        ...

    def get(self, run_id: str) -> Run: ...

    def made_with(self, key: IdempotencyKey) -> Run | None:
        """The run that this request made before. Raises IdempotencyConflict when it was another request."""
        ...

    def newest(self, only: RunFilter, request: SliceRequest) -> Slice[Run]:
        """Newest first."""
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

    def cells(self, run_id: str, rerun: Rerun) -> set[Cell]:
        """The executions of a run that its re-run repeats."""
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

    def start(self, admitted_id: str, attempt: int, worker: str, lease_seconds: float) -> Work | None:
        """Move queued -> executing, and its run too. None when the attempt is no longer wanted."""
        ...

    def renew(self, worker: str, lease_seconds: float, held: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Extend the leases of what a worker has in hand, and return what of it is still wanted.

        held: (execution, attempt), at most some hundreds. What the worker has let go of without being able to record
        it is left to run out, and is taken over.
        """
        ...

    def finish(self, execution_id: str, attempt: int, outcome: AttemptOutcome) -> list[Admitted] | None:
        """Record how an attempt ended, and end its run with the last execution.

        A baseline_recording whose executions all finished becomes a baseline in the same transaction: with the
        pictures of the recordings that it completes by ``rerun_of``, and with those items of the baseline before
        (the latest of its line, or else of its parent line) whose tasks it left out or the batch has disabled.
        None when the attempt is not the current one any more: nothing is changed.
        """
        ...

    def take_over(self, everything: bool) -> list[Admitted]:
        """Give up attempts whose lease ran out (or all, at the start of the only server).

        Each is recorded as failed with ``worker_lost``; its execution is queued again, or failed when the attempts
        of the settings are used up.
        """
        ...

    def expire(self) -> list[Admitted]:
        """End runs past their deadline with ``run_timeout``: what is queued or executing in them fails."""
        ...


class Screenshots(Protocol):
    def of(self, execution_ids: list[str]) -> dict[str, list[Screenshot]]:
        """The screenshots of each execution, in the order of its targets, with their comparisons."""
        ...

    def get(self, screenshot_id: str) -> Screenshot: ...

    def picture(self, sha256: str) -> Picture | None:
        """The picture with this digest, if it was captured before."""
        ...


class Baselines(Protocol):
    def get(self, baseline_id: str) -> Baseline: ...

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]: ...

    def items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        """In the order in which they were recorded."""
        ...

    def latest(self, batch_id: str, line: str) -> Baseline | None: ...


class Artifacts(Protocol):
    def get(self, artifact_id: str) -> Artifact: ...

    def of(self, execution_id: str) -> list[Artifact]:
        """Files of an execution's attempts, oldest first."""
        ...


class Records(Protocol):
    """Audit entries, webhooks and deliveries."""

    def audit(self, request: SliceRequest) -> Slice[AuditEntry]: ...

    def add_webhook(self, draft: WebhookDraft, by: Actor) -> Webhook: ...

    def deliveries(self, webhook_id: str, request: SliceRequest) -> Slice[Delivery]: ...


class SettingsStore(Protocol):
    def get(self) -> SettingsRecord: ...

    def replace(
        self, settings: Settings, expected_version: int | None, by: Actor
    ) -> tuple[SettingsRecord, list[Admitted]]:
        """And admit what a higher cap allows. Raises VersionConflict, InUse when tasks use what is taken away."""
        ...


class Store(Protocol):
    projects: Projects
    pages: Pages
    tasks: Tasks
    batches: Batches
    runs: Runs
    executions: Executions
    screenshots: Screenshots
    baselines: Baselines
    artifacts: Artifacts
    records: Records
    settings: SettingsStore
    place: str
    """Which database this is, for people: without a password."""

    def migrate(self) -> None:
        """Bring the schema up to date; safe when several servers start at once."""
        ...

    def check(self) -> None:
        """Raises StorageError when the database does not answer."""
        ...

    def close(self) -> None: ...
