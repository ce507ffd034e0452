"""A run of a batch, its executions, and what each of them used."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, computed_field

from scene.domain.actions import AnyAction
from scene.domain.auth import AuthReference
from scene.domain.baselines import BaselineReason
from scene.domain.browsing import Headers, HostPatterns
from scene.domain.catalog import AbsoluteUrl
from scene.domain.dismissals import Dismissals
from scene.domain.model import STORABLE, JiraIssue, Model, Script, Spelled
from scene.domain.options import CompareWith, ComparisonPolicy, FrozenCaptureOptions
from scene.domain.reviews import ReviewCounts
from scene.domain.status import PURPOSES_OF_A_BATCH, Purpose, Reason, Status, Verdict
from scene.domain.target import Target
from scene.domain.verdict import Level
from scene.domain.verdict import level as level_of
from scene.domain.viewport import Browser, Viewport

Label = Annotated[str, StringConstraints(max_length=500), STORABLE]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE]
Id = Annotated[str, StringConstraints(max_length=64), STORABLE]
VariableName = Annotated[
    str,
    Spelled(
        r"[A-Za-z_][A-Za-z0-9_]{0,99}",
        "must be letters, digits and underscores, at most 100, and begin with a letter or underscore",
    ),
]
VariableValue = Annotated[str, StringConstraints(max_length=10_000), STORABLE]
Variables = Annotated[dict[VariableName, VariableValue], Field(max_length=100)]


class Rerun(StrEnum):
    """Which executions of an ended run are carried out again."""

    FAILED = "failed"
    CHANGED = "changed"
    FAILED_AND_CHANGED = "failed_and_changed"


class Cell(NamedTuple):
    """What identifies an execution in its run, and across runs."""

    task_id: str
    browser: str
    viewport_key: str


_PURPOSE_SCHEMA: dict[str, Any] = {"type": "string", "enum": [str(purpose) for purpose in PURPOSES_OF_A_BATCH]}


def _of_a_batch(purpose: Purpose) -> Purpose:
    if purpose not in PURPOSES_OF_A_BATCH:
        raise ValueError("a dry_run is of one task: POST /api/tasks/{task_id}/dry-run")
    return purpose


class RunDraft(Model):
    """What a person or a program asks for."""

    batch_id: Id
    purpose: Annotated[Purpose, AfterValidator(_of_a_batch), WithJsonSchema(_PURPOSE_SCHEMA)]
    baseline_id: Id | None = None
    """The baseline to compare with; none leaves it to the batch's policy."""
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=5_000)] | None = None
    """Only these of the batch's enabled tasks; none means all of them."""
    base_url: AbsoluteUrl | None = None
    """Instead of the project's: relative page URLs are resolved against it, and absolute ones of the origin of the
    project's base_url move to its origin. So a run is pointed at a preview deployment."""
    from_reference: bool = False
    """Of a recording: pages are captured at their reference_url, where they have one."""
    variables: Variables = Field(default={})
    """Values for ``{{name}}`` in the URLs, headers, actions and scripts of pages and tasks."""
    rerun_of: Id | None = None
    """An ended run of the same batch and purpose, whose failed or changed executions are carried out again. What is
    not given here is as it was there: line, base URL, variables, labels, named baseline."""
    rerun: Rerun | None = None
    """Which executions of rerun_of; none means the failed ones."""
    line: Line = "main"
    parent_line: Line | None = None
    """Its latest baseline is taken while the run's own line has none."""
    jira_issue: JiraIssue | None = None
    """None takes the batch's."""
    note: Annotated[str, StringConstraints(max_length=10_000), STORABLE] = ""
    labels: Annotated[dict[Label, Label], Field(max_length=50)] = Field(default={})
    """Such as commit, branch and build_url."""
    priority: int = Field(default=0, ge=-100, le=100)
    """Higher runs first."""
    concurrency: int | None = Field(default=None, ge=1, le=1_000)
    """At most so many executions at once; none leaves it to the settings."""
    timeout_seconds: int | None = Field(default=None, ge=1, le=604_800)
    """None takes the default of the settings."""


class DryRunDraft(Model):
    """One execution of a task."""

    browser: Browser | None = None
    """One of the task's; null takes its first."""
    viewport: Annotated[str, StringConstraints(max_length=200), STORABLE] | None = None
    """Key or name of one of the task's, such as ``1280x800@1``; null takes its first."""
    base_url: AbsoluteUrl | None = None
    """As of a run."""
    variables: Variables = Field(default={})


class RunSummary(Model):
    """How many executions of a run are where."""

    total: int = 0
    queued: int = 0
    executing: int = 0
    finished: int = 0
    failed: int = 0
    changed: int = 0
    unchanged: int = 0
    no_baseline: int = 0
    quarantined: int = 0
    """Ended, and in none of the other counts: all of each is in quarantine."""

    @property
    def ended(self) -> int:
        return self.finished + self.failed + self.quarantined


class Run(Model):
    id: str
    project_id: str
    batch_id: str | None
    """Null for a dry run, which is of no batch."""
    batch_name: str
    """As it was when the run was created; the task's for a dry run."""
    purpose: Purpose
    baseline_id: str | None
    """What a comparison compares with; what a finished recording became."""
    baseline_reason: BaselineReason | None
    """Why a comparison compares with this baseline, or with none; null for a recording."""
    task_ids: list[str] | None
    """The tasks that were asked for; null for all of the batch."""
    base_url: str | None
    from_reference: bool
    """Whether a recording captured pages at their reference_url."""
    variables: dict[str, str]
    rerun_of: str | None
    rerun: Rerun | None
    idempotency_key: str | None
    line: str
    parent_line: str | None
    jira_issue: JiraIssue | None
    note: str
    labels: dict[str, str]
    requested_by: str
    priority: int
    concurrency: int | None
    deadline_at: datetime
    stop_reason: Reason | None
    """How it was asked to stop, ``soft_stop`` or ``hard_stop``; it ends as failed for that."""
    stop_requested_at: datetime | None
    status: Status
    reason: Reason | None
    verdict: Verdict | None
    execution_diff_threshold_percent: float
    """The batch's, as it was when the run was created."""
    run_diff_threshold_percent: float
    """The batch's, as it was when the run was created."""
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    summary: RunSummary
    reviews: ReviewCounts = ReviewCounts()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def level(self) -> Level | None:
        """Minor below run_diff_threshold_percent of changed executions among those that finished, major from it on."""
        share = 100 * self.summary.changed / max(1, self.summary.finished)
        return level_of(self.verdict, share, self.run_diff_threshold_percent)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def passed(self) -> bool:
        """Finished, nothing failed, at least one comparison, all unchanged."""
        return self.status is Status.FINISHED and self.summary.failed == 0 and self.verdict is Verdict.UNCHANGED

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The run in the web interface, below Scene's own address."""
        return f"/runs/{self.id}"


class ConfigurationSnapshot(Model):
    """Everything one task's executions use, frozen when the run is created."""

    task_id: str
    task_name: str
    page_id: str
    page_name: str
    url: AbsoluteUrl
    reference_url: AbsoluteUrl | None
    """Captured too, to be compared with; null when nothing is compared with a reference."""
    auth_profile: AuthReference | None
    """As whom the page is opened; its secrets are never part of a snapshot."""
    headers: Headers
    """Those of the project's capture options, the page's and the task's, the latter before the former."""
    expected_status: list[int]
    ignore_https_errors: bool
    preparatory_actions: list[AnyAction]
    preparatory_js: Script | None
    task_actions: list[AnyAction]
    task_js: Script | None
    targets: list[Target]
    compare_with: CompareWith
    capture: FrozenCaptureOptions
    dismissals: Dismissals
    allowed_hosts: HostPatterns
    denied_hosts: HostPatterns
    policy: ComparisonPolicy


class ExecutionPlan(Model):
    """One cell of the matrix: a task in a browser at a viewport."""

    snapshot: ConfigurationSnapshot
    browser: Browser
    viewport: Viewport

    @property
    def cell(self) -> Cell:
        return Cell(self.snapshot.task_id, str(self.browser), self.viewport.key)


@dataclass(frozen=True)
class RunPlan:
    """What a draft comes to: everything that is decided before a run is stored."""

    executions: list[ExecutionPlan]
    baseline_id: str | None = None
    baseline_reason: BaselineReason | None = None


class Execution(Model):
    id: str
    run_id: str
    position: int
    """From 0: the order in which the executions of a run start."""
    task_id: str
    task_name: str
    page_name: str
    snapshot_digest: str
    browser: Browser
    viewport: Viewport
    status: Status
    reason: Reason | None
    message: str
    """Why it failed, as a sentence."""
    verdict: Verdict | None
    percent_changed: float | None
    """The largest of its screenshots, in the comparisons that decide their verdicts."""
    changed_pixels: int | None
    """The most of any of its screenshots, in the same comparisons."""
    level: Level | None
    """How percent_changed stands to the run's execution_diff_threshold_percent; null where nothing was compared."""
    reference_differs: bool | None
    """Whether one of its screenshots differs from the reference page; null when none was compared with it."""
    renderer_differs: bool | None
    """Whether another renderer captured the baseline: differences may come from it alone. Null without a baseline."""
    quarantined: bool
    """All of it was in quarantine when it ended: it is counted in no verdict."""
    attempt: int
    """Number of the current or last attempt; 0 before the first."""
    worker: str | None
    not_before: datetime | None
    no_retry: bool
    """It is never tried again: it was asked to stop."""
    stop_requested_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_ms: float | None
    """Of the last attempt, capture and comparison together."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def url(self) -> str:
        """The execution in the web interface, below Scene's own address."""
        return f"/executions/{self.id}"


class AttemptStep(Model):
    """One line of an attempt's step log."""

    name: str
    status: Literal["ok", "failed"]
    started_ms: float
    duration_ms: float
    detail: str = ""


class Intervention(Model):
    """What was done to a page by the rules of its project."""

    kind: Literal["clicked", "removed", "blocked"]
    what: str
    """A selector, or a URL without its query."""
    rule: str
    """dismissals, or the rule that blocks, such as ``denied_hosts *.example.org``."""
    count: int
    """How many elements or requests."""
    of_reference: bool
    """Whether it was on the reference page."""


class Attempt(Model):
    execution_id: str
    number: int
    worker: str
    status: Status
    reason: Reason | None
    message: str
    exit_code: int | None
    started_at: datetime
    finished_at: datetime | None
    steps: list[AttemptStep]
    interventions: list[Intervention]
    """What was dismissed and which requests were blocked; no failures."""
    timings_ms: dict[str, float]
    """Where the time went: capture, store, compare, ..."""
    unloaded: list[str]
    """URLs of images, fonts and styles that had not loaded when the pictures were taken."""
