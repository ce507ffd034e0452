"""Pictures that are known to be shaky: still captured and shown, and for a while counted in no verdict."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import StringConstraints

from scene.domain.catalog import Stamped
from scene.domain.filters import Moment
from scene.domain.model import STORABLE, JiraIssue, Model, Name
from scene.domain.runs import Id
from scene.domain.viewport import Browser
from scene.errors import Conflict, Invalid

LONGEST = timedelta(days=366)
"""What is put aside comes back: nobody forgets it for good."""

ViewportKey = Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE]
TargetKey = Annotated[str, StringConstraints(min_length=1, max_length=3_000), STORABLE]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), STORABLE]

KEY = ("task_id", "browser", "viewport_key", "target")
"""What is in quarantine. It stays as it is: what was counted meanwhile is of this."""


class QuarantineDraft(Model):
    task_id: Id
    browser: Browser | None = None
    """Null: in every browser."""
    viewport_key: ViewportKey | None = None
    """Such as ``1280x800@1``; null: at every viewport."""
    target: TargetKey | None = None
    """Key of a target, such as ``full`` or ``element:header#1``; null: every target, and the execution as a whole."""
    reason: Reason
    owner: Name
    """Who sees to it that it ends."""
    expires_at: Moment
    """From then on it counts again; a year ahead at most."""
    jira_issue: JiraIssue | None = None


class Quarantine(Stamped, QuarantineDraft):
    project_id: str
    task_name: str
    """As the task is called now."""
    active: bool
    """False from expires_at on: it counts again."""
    captured: int
    """Screenshots that were taken while they were in it."""
    changed: int
    """How many of these differed from the baseline, or were missing."""

    @property
    def name(self) -> str:
        """For sentences."""
        return " · ".join(part for part in (self.task_name, self.browser, self.viewport_key, self.target) if part)


class AlreadyQuarantined(Conflict):
    """The same is in quarantine already: its id is in the sentence."""

    code = "already_quarantined"


def check_expiry(expires_at: datetime, now: datetime) -> None:
    """Raises Invalid (``expires_at``)."""
    if expires_at <= now:
        raise Invalid.field("expires_at", "must be in the future")
    if expires_at > now + LONGEST:
        raise Invalid.field("expires_at", f"must be within {LONGEST.days} days; it can be prolonged then")


def check_key(current: Quarantine, draft: QuarantineDraft) -> None:
    """Raises Invalid, naming the first field that says what is in quarantine and is another one."""
    for name in KEY:
        if getattr(current, name) != getattr(draft, name):
            raise Invalid.field(name, "stays as it is; lift this quarantine and put the other in one of its own")
