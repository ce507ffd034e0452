"""What a team describes: projects, pages, tasks and batches.

A draft holds what a person writes; the entity adds what Scene adds (id, version, times).
"""

import re
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from scene.domain.actions import Actions
from scene.domain.browsing import Headers, HostPatterns
from scene.domain.dismissals import Dismissals
from scene.domain.model import STORABLE, JiraIssue, Model, Name, Script, Spelled
from scene.domain.options import CaptureOptions, CompareWith, ComparisonPolicy
from scene.domain.retention import RetentionPolicy
from scene.domain.target import Target
from scene.domain.variables import with_any_values
from scene.domain.viewport import Browser, Viewport


def _printable_url(url: str) -> str:
    if re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("must not contain spaces or control characters")
    return url


def _absolute_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"is not a valid URL: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("must be an http or https URL such as https://example.org/")
    if parts.username or parts.password:
        raise ValueError("must not contain a user name or password")
    return url


def _page_url(url: str) -> str:
    """Absolute, or relative to the project's base URL."""
    judged = with_any_values(url)
    if re.match(r"^[A-Za-z][A-Za-z0-9+.\-]*:", judged) or judged.startswith("//"):
        _absolute_url(judged)
    return url


_Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000),
    STORABLE,
    AfterValidator(_printable_url),
]
AbsoluteUrl = Annotated[_Url, AfterValidator(_absolute_url)]
PageUrl = Annotated[_Url, AfterValidator(_page_url)]
Slug = Annotated[
    str,
    Spelled(
        r"[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?",
        "must be 1 to 64 small letters a to z, digits and hyphens, with a letter or digit at both ends",
    ),
]
Description = Annotated[str, StringConstraints(max_length=10_000), STORABLE]


class Stamped(Model):
    """What Scene adds to every editable entity."""

    id: str
    version: int
    """Counts up with each change: what If-Match is checked against."""
    created_at: datetime
    updated_at: datetime


class ProjectDraft(Model):
    name: Name
    slug: Slug
    """Lower-case letters, digits and hyphens; unique."""
    description: Description = ""
    base_url: AbsoluteUrl | None = None
    """Relative page URLs are resolved against it."""
    capture: CaptureOptions = CaptureOptions()
    """What its tasks use that do not say themselves."""
    dismissals: Dismissals = Dismissals()
    """What is in the way on its pages: cookie banners, chat widgets and the like."""
    allowed_hosts: HostPatterns = Field(default=[])
    """Where its pages may send requests, besides the hosts of their own url and reference_url. None named means
    anywhere."""
    denied_hosts: HostPatterns = Field(default=[])
    """Where its pages may send no request, whatever else allows it: requests for parts of a page are blocked, a page
    that leads there fails with the reason navigation."""
    retention: RetentionPolicy = RetentionPolicy()
    """How long its runs and baselines are kept."""


class Project(Stamped, ProjectDraft):
    pass


class PageDraft(Model):
    name: Name
    url: PageUrl
    """Absolute http or https, or relative to the project's base_url. Like headers, actions and scripts it may hold
    ``{{name}}``, which the variables of a run fill in."""
    reference_url: PageUrl | None = None
    """The same page elsewhere, such as in production: captured beside ``url``, and compared with it. Absolute, or
    relative to the project's base_url; the base_url of a run does not move it."""
    preparatory_actions: Actions = Field(default=[])
    """Carried out when the page has loaded, in order."""
    preparatory_js: Script | None = None
    """Runs after the preparatory actions; may be asynchronous."""
    auth_profile_id: Annotated[str, StringConstraints(max_length=64), STORABLE] | None = None
    """An auth profile of this project, as whom the page is opened."""
    headers: Headers = Field(default={})
    """Extra request headers, for the origins of ``url`` and ``reference_url`` only."""
    expected_status: list[Annotated[int, Field(ge=100, le=599)]] = Field(default=[], max_length=100)
    """HTTP statuses that are accepted; none named means any 2xx."""
    ignore_https_errors: bool = False


class Page(Stamped, PageDraft):
    project_id: str


class TaskDraft(Model):
    name: Name
    page_id: Annotated[str, StringConstraints(max_length=64), STORABLE]
    browsers: list[Browser] = Field(default=[Browser.CHROMIUM], min_length=1, max_length=3)
    viewports: list[Viewport] = Field(min_length=1, max_length=50)
    targets: list[Target] = Field(default=[Target()], min_length=1, max_length=100)
    task_actions: Actions = Field(default=[])
    """Carried out after the page's preparatory JS, in order."""
    task_js: Script | None = None
    """Runs after the task actions."""
    compare_with: CompareWith = CompareWith.BOTH
    """The baseline alone; the page's reference_url alone, which then decides the verdict; or both, where the baseline
    decides and the reference gives the flag ``reference_differs``."""
    capture: CaptureOptions = CaptureOptions()
    policy: ComparisonPolicy = ComparisonPolicy()

    @model_validator(mode="after")
    def _cells_are_distinct(self) -> Self:
        for field, keys in (
            ("browsers", [str(browser) for browser in self.browsers]),
            ("viewports", [viewport.key for viewport in self.viewports]),
            ("targets", [target.key for target in self.targets]),
        ):
            if len(set(keys)) < len(keys):
                repeated = sorted({key for key in keys if keys.count(key) > 1})
                raise ValueError(f"{field} names {', '.join(repeated)} more than once")
        return self


class Task(Stamped, TaskDraft):
    project_id: str


class BatchTask(Model):
    task_id: Annotated[str, StringConstraints(max_length=64), STORABLE]
    enabled: bool = True


class BaselinePolicy(Model):
    """Which baseline a comparison uses when its run names none."""

    use: Literal["latest", "none", "pinned"] = "latest"
    """The latest of the run's line or else of its parent line; none; or one and the same, whatever the line."""
    baseline_id: Annotated[str, StringConstraints(max_length=64), STORABLE] | None = None
    """The pinned one, of this batch."""

    @model_validator(mode="after")
    def _a_pin_names_its_baseline(self) -> Self:
        if (self.use == "pinned") != (self.baseline_id is not None):
            raise ValueError("baseline_id is given with the use pinned, and only then")
        return self


class BatchDraft(Model):
    name: Name
    description: Description = ""
    tasks: list[BatchTask] = Field(default=[], max_length=5_000)
    """In the order in which they run."""
    baseline_policy: BaselinePolicy = BaselinePolicy()
    jira_issue: JiraIssue | None = None
    execution_diff_threshold_percent: float = Field(default=1, ge=0, le=100, allow_inf_nan=False)
    """From here the difference of one execution is major; below, minor. It colours, it never hides."""
    run_diff_threshold_percent: float = Field(default=10, ge=0, le=100, allow_inf_nan=False)
    """From this share of changed executions the difference of a run is major."""

    @model_validator(mode="after")
    def _tasks_are_distinct(self) -> Self:
        ids = [entry.task_id for entry in self.tasks]
        if len(ids) != len(set(ids)):
            raise ValueError("tasks names a task more than once")
        return self


class Batch(Stamped, BatchDraft):
    project_id: str
