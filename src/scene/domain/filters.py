"""What a list is narrowed to. Everything that is set must hold; of a list of values, one."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from scene.domain.model import STORABLE, JiraIssue, Model, Spelled
from scene.domain.reviews import Decision
from scene.domain.runs import Id, Line
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Browser


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE]

EntryAction = Annotated[
    str, StringConstraints(max_length=100), Spelled(r"[a-z_]+(\.[a-z_]+)?", "must be like run.created, or like run")
]
EntryTarget = Annotated[
    str, StringConstraints(max_length=100), Spelled(r"[a-z_]+:[A-Za-z0-9_-]+", "must be like run:ID, a noun and its id")
]


class RunFilter(Model):
    project_id: Id | None = None
    batch_id: Id | None = None
    purpose: Purpose | None = None
    statuses: list[Status] = Field(default=[])
    verdicts: list[Verdict] = Field(default=[])
    jira_issue: JiraIssue | None = None
    requested_by: Term | None = None
    line: Line | None = None
    created_after: Moment | None = None
    """At this moment or later."""
    created_before: Moment | None = None
    """Earlier than this moment."""
    text: Term | None = None
    """Somewhere in the note, the name of the batch or a label, in upper or lower case."""


class ExecutionFilter(Model):
    statuses: list[Status] = Field(default=[])
    verdicts: list[Verdict] = Field(default=[])
    task_id: Id | None = None
    browser: Browser | None = None
    reviews: list[Decision] = Field(default=[])
    """With a screenshot that was decided like this."""
    quarantined: bool | None = None
    """Whether all of it was in quarantine when it ended."""


class ScreenshotFilter(Model):
    verdicts: list[Verdict] = Field(default=[])
    change_fingerprint: Term | None = None
    """Changed in this way."""
    reviews: list[Decision] = Field(default=[])


class AuditFilter(Model):
    actor: Term | None = None
    """Its id, as the entry says it."""
    action: EntryAction | None = None
    """Such as ``run.created``, or ``run`` for everything that begins so."""
    target: EntryTarget | None = None
    """Such as ``run:`` and its id."""
    occurred_after: Moment | None = None
    """At this moment or later."""
    occurred_before: Moment | None = None
    """Earlier than this moment."""


EVERY_RUN = RunFilter()
EVERY_EXECUTION = ExecutionFilter()
EVERY_ENTRY = AuditFilter()
