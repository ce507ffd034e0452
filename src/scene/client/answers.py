"""What the server answers, as far as a command needs it.

These are not the server's own models: fields that a newer server adds are no error here.
"""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from scene.domain.runs import RunSummary
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Browser
from scene.domain.viewport import Viewport as DomainViewport

T = TypeVar("T")


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class Summary(RunSummary):
    model_config = ConfigDict(extra="ignore")


class Run(Answer):
    id: str
    batch_id: str | None
    batch_name: str
    purpose: Purpose
    baseline_id: str | None
    line: str
    jira_issue: str | None
    status: Status
    reason: str | None
    """A word of the server's closed list, which may grow."""
    verdict: Verdict | None
    level: str | None
    """none, minor or major."""
    passed: bool
    summary: Summary
    url: str
    """Below the server's address."""


class StartedRun(Run):
    warnings: list[str] = []
    """What is known to go wrong, each a sentence."""


class Stopped(Answer):
    """What a request to stop came to."""

    changed: bool
    message: str


class Viewport(DomainViewport):
    model_config = ConfigDict(extra="ignore")


class Execution(Answer):
    id: str
    task_id: str = ""
    task_name: str
    page_name: str
    browser: Browser
    viewport: Viewport
    status: Status
    reason: str | None
    message: str
    """Why it failed, as a sentence."""
    verdict: Verdict | None
    percent_changed: float | None
    changed_pixels: int | None
    level: str | None
    """none, minor or major."""
    renderer_differs: bool | None
    reference_differs: bool | None
    url: str
    """Below the server's address."""


class File(Answer):
    name: str
    url: str
    """Below the server's address."""


class Picture(Answer):
    image: File


class ComparedBox(Answer):
    """A rectangle in pixels of the observed picture."""

    x: int
    y: int
    width: int
    height: int


class ComparisonStats(Answer):
    percent_changed: float
    regions: list[ComparedBox]
    total_regions: int


class Comparison(Answer):
    decides: bool
    """Whether the screenshot's verdict comes from it."""
    against: Picture
    stats: ComparisonStats
    diff: File | None
    heatmap: File | None


class Review(Answer):
    decision: str
    by: str | None = None


class Screenshot(Answer):
    target: str
    verdict: Verdict | None
    sentence: str
    """Why it has its verdict."""
    change_fingerprint: str | None = None
    """Of what changed: equal where the same change was made elsewhere."""
    picture: Picture | None = None
    comparisons: list[Comparison] = []
    """Newest first."""


class RunScreenshot(Screenshot):
    """One of a run that is, or was, to be decided on."""

    id: str
    execution_id: str
    unstable: bool
    quarantine_id: str | None = None
    review: Review | None = None


class Screenshots(RootModel[list[Screenshot]]):
    """Of one execution, in the order of its targets."""


class ExecutionDetail(Answer):
    execution: Execution
    screenshots: list[Screenshot]
    artifacts: list[File]


class SkippedScreenshot(Answer):
    screenshot_id: str
    reason: str
    decision: str | None = None
    """What somebody else has decided before."""
    by: str | None = None


class Reviewed(Answer):
    """What became of a decision on many screenshots."""

    group_id: str
    """Takes back all of it."""
    decision: str
    screenshot_ids: list[str]
    skipped: list[SkippedScreenshot]


class Baseline(Answer):
    id: str
    line: str
    items_succeeded: int
    """Pictures that it has."""


class ImportedPicture(Answer):
    file: str
    task_name: str
    browser: str
    viewport_key: str
    target: str


class Imported(Answer):
    """What was imported, or would be."""

    baseline: Baseline | None
    """None for a dry run."""
    pictures: list[ImportedPicture]
    left_out: list[str]
    """Each with why."""
    kept: int
    missing: int


class Going(Answer):
    noun: str
    id: str
    batch_name: str
    line: str
    created_at: str
    because: str


class KeptAnyway(Answer):
    noun: str
    id: str
    because: str


class RetentionPlan(Answer):
    """What would go now."""

    runs: int
    baselines: int
    going: list[Going]
    """Some of them."""
    kept: list[KeptAnyway]
    size: int
    size_going: int


class RetentionDone(Answer):
    runs: int
    baselines: int
    stayed: int


class Project(Answer):
    id: str
    slug: str
    name: str


class Batch(Answer):
    id: str
    project_id: str
    name: str


class Task(Answer):
    id: str
    name: str


class ListOf(Answer, Generic[T]):
    items: list[T]
    next_cursor: str | None


class ProblemField(Answer):
    field: str
    message: str


class Problem(Answer):
    """RFC 9457."""

    code: str
    detail: str
    errors: list[ProblemField] = Field(default=[])
