"""What is told of runs as they go on: the log of one, and what many come to."""

from datetime import datetime

from scene.domain.model import Model
from scene.domain.status import Reason, Status, Verdict
from scene.domain.viewport import Browser, Viewport


class Backlog(Model):
    """What waits for a browser, and what is under way in it."""

    browser: Browser
    queued: int
    executing: int
    oldest_queued_at: datetime | None
    """When the one that waits longest was created; null when none waits."""


class RunEvent(Model):
    """One line of the log of a run: an attempt started or ended."""

    at: datetime
    execution_id: str
    task_name: str
    browser: Browser
    viewport: Viewport
    attempt: int
    status: Status
    """executing: it started."""
    reason: Reason | None
    message: str
    verdict: Verdict | None
    """Of its execution; null for a start, and for an attempt that another one followed."""
    percent_changed: float | None

    @property
    def key(self) -> str:
        """Unique in the log; safe in an HTML id."""
        return f"{self.execution_id}-{self.attempt}-{'start' if self.status is Status.EXECUTING else 'end'}"


class Tally(Model):
    """How many runs there are of some kind, and how many of them are where."""

    runs: int = 0
    active: int = 0
    failed: int = 0
    changed: int = 0


class IssueTally(Tally):
    """The runs of one JIRA issue."""

    jira_issue: str


class RunTally(Tally):
    """Of the newest runs, as many as are looked at."""

    capped: bool
    """Whether there may be older runs that were not looked at."""
    issues: list[IssueTally]
    """Those whose runs are the newest first."""
