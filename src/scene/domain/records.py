"""Who did what, and who is told: audit entries, webhooks, deliveries, settings."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from scene.domain.browsing import Headers
from scene.domain.catalog import AbsoluteUrl
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

    id: str
    occurred_at: datetime
    actor: Actor
    action: str
    """Dotted, such as ``run.created``."""
    targets: list[str]
    """Each as ``noun:id``."""
    data: dict[str, object]


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


class WebhookDraft(Model):
    project_id: str | None = None
    """None hears of every project."""
    endpoint_url: AbsoluteUrl
    event_types: list[EventType] = Field(min_length=1)
    enabled: bool = True
    custom_headers: Headers = Field(default={})


class Webhook(WebhookDraft):
    id: str
    version: int
    created_at: datetime
    updated_at: datetime


class Delivery(Model):
    """One event on its way to one webhook."""

    id: str
    webhook_id: str
    event_type: EventType
    payload: bytes
    """The exact bytes that are sent."""
    status: Literal["pending", "succeeded", "failed"]
    next_attempt_at: datetime
    created_at: datetime
