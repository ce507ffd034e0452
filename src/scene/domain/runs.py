"""A run of a batch, its executions, and what each of them used."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, computed_field

from scene.domain.catalog import AbsoluteUrl, Headers
from scene.domain.model import JiraIssue, Model, Script, Text
from scene.domain.options import CaptureOptions, ComparisonPolicy
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.target import Target
from scene.domain.viewport import Browser, Viewport

Label = Annotated[Text, StringConstraints(max_length=500)]
Line = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class RunDraft(Model):
    """What a person or a program asks for."""

    batch_id: Annotated[Text, StringConstraints(max_length=64)]
    purpose: Purpose
    baseline_id: Annotated[Text, StringConstraints(max_length=64)] | None = None
    """The baseline to compare with; none leaves it to the batch's policy."""
    line: Line = "main"
    jira_issue: JiraIssue | None = None
    """None takes the batch's."""
    note: Annotated[Text, StringConstraints(max_length=10_000)] = ""
    labels: Annotated[dict[Label, Label], Field(max_length=50)] = Field(default={})
    """Such as commit, branch and build_url."""
    priority: int = Field(default=0, ge=-100, le=100)
    """Higher runs first."""
    concurrency: int | None = Field(default=None, ge=1, le=1_000)
    """At most so many executions at once; none leaves it to the settings."""
    timeout_seconds: int | None = Field(default=None, ge=1, le=604_800)
    """None takes the default of the settings."""


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

    @property
    def ended(self) -> int:
        return self.finished + self.failed


class Run(Model):
    id: str
    project_id: str
    batch_id: str
    batch_name: str
    """As it was when the run was created."""
    purpose: Purpose
    baseline_id: str | None
    """What a comparison compares with; what a finished recording became."""
    line: str
    jira_issue: JiraIssue | None
    note: str
    labels: dict[str, str]
    requested_by: str
    priority: int
    concurrency: int | None
    deadline_at: datetime
    status: Status
    reason: Reason | None
    verdict: Verdict | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    summary: RunSummary

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
    headers: Headers
    expected_status: list[int]
    ignore_https_errors: bool
    preparatory_js: Script | None
    task_js: Script | None
    targets: list[Target]
    capture: CaptureOptions
    policy: ComparisonPolicy


class ExecutionPlan(Model):
    """One cell of the matrix: a task in a browser at a viewport."""

    snapshot: ConfigurationSnapshot
    browser: Browser
    viewport: Viewport


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
    """The largest of its screenshots."""
    attempt: int
    """Number of the current or last attempt; 0 before the first."""
    worker: str | None
    not_before: datetime | None
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
    timings_ms: dict[str, float]
    """Where the time went: capture, store, compare, ..."""
