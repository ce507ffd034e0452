"""Processes that carry out executions, as they say of themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from pydantic import StringConstraints

from scene.domain.model import Model, Spelled
from scene.domain.viewport import Browser

WORKER_LABEL: Final = "worker"
"""The label of a run that says which workers carry it out: those that have its value among their labels."""
SILENT_SECONDS: Final = 30
"""A worker that has not been seen for so long is lost."""

WorkerLabel = Annotated[
    str,
    StringConstraints(max_length=50),
    Spelled(r"[A-Za-z0-9][A-Za-z0-9_.-]*", "must be letters, digits, dots, dashes and underscores"),
]


class Worker(Model):
    id: str
    name: str
    host: str
    launcher: str
    """Which launcher it uses, and why."""
    slots: int
    """How many executions it can carry out at once."""
    browsers: list[Browser]
    """Those that it can launch and takes executions for."""
    labels: list[str]
    draining: bool
    """It finishes what it has, and takes nothing more."""
    started_at: datetime
    heartbeat_at: datetime
    alive: bool
    """Whether it was seen lately."""
    executions: list[str]
    """Ids of what it carries out."""


@dataclass(frozen=True)
class WorkerState:
    """What a worker says of itself again and again."""

    id: str
    name: str
    host: str
    launcher: str
    slots: int
    browsers: tuple[Browser, ...]
    labels: tuple[str, ...]
    draining: bool
