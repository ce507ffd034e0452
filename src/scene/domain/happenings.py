"""What a transaction did to runs and executions, for those who count: told once, in the process that did it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scene.domain.records import EventType
from scene.domain.status import Purpose, Reason, Status, Verdict


@dataclass(frozen=True)
class RunHappened:
    event: EventType
    run_id: str
    project_id: str
    batch_id: str | None
    purpose: Purpose
    status: Status
    verdict: Verdict | None
    reason: Reason | None
    created_at: datetime
    finished_at: datetime | None
    again: bool = False
    """It had ended before, and was compared again: told once more, but no further run."""


@dataclass(frozen=True)
class ExecutionsHappened:
    """So many executions of one run that are alike in this."""

    event: EventType
    run_id: str
    count: int
    browser: str
    status: Status
    verdict: Verdict | None
    reason: Reason | None


Happened = RunHappened | ExecutionsHappened
Hear = Callable[[Sequence[Happened]], None]


def hear_nothing(_: Sequence[Happened]) -> None:
    """For those who do not count."""
