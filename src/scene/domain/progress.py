"""What is told of runs as they go on: the log of one, and what many come to."""

from datetime import datetime

from scene.domain.model import Model
from scene.domain.status import Reason, Status, Verdict
from scene.domain.viewport import Browser, Viewport


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
