"""Who did what, and what others are told of: audit entries and events."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from scene.domain.model import Model


class Actor(Model):
    """Who asks for a change."""

    type: Literal["user", "token", "system", "anonymous"]
    id: str
    address: str | None = None
    user_agent: str | None = None

    @property
    def label(self) -> str:
        return self.id


SYSTEM = Actor(type="system", id="scene")


class AuditEntry(Model):
    """Append-only; written in the same transaction as the change it records."""

    seq: int
    """From 1, without a gap."""
    id: str
    occurred_at: datetime
    actor: Actor
    action: str
    """Dotted, such as ``run.created``."""
    targets: list[str]
    """Each as ``noun:id``."""
    data: dict[str, object]
    sha256: str
    """Digest that covers the entry and the digest of the one before it: see domain.chain."""


class EventType(StrEnum):
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    RUN_REVIEWED = "run.reviewed"
    BASELINE_FINALIZED = "baseline.finalized"
    TASK_ENQUEUED = "task.enqueued"
    TASK_STARTED = "task.started"
    TASK_FINISHED = "task.finished"
    TASK_FAILED = "task.failed"
    TASK_RETRY_ENQUEUED = "task.retry_enqueued"
    WEBHOOK_TEST = "webhook.test"
