"""The promise of a store for webhooks and their deliveries. Secrets come and go encrypted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scene.domain.records import Actor
from scene.domain.webhooks import (
    EVERY_DELIVERY,
    Delivery,
    DeliveryDetail,
    DeliveryFilter,
    DeliveryStatus,
    Redelivery,
    Webhook,
    WebhookDraft,
)
from scene.store.auth import Sealed
from scene.store.values import Slice, SliceRequest


@dataclass(frozen=True)
class ClaimedDelivery:
    """A try that nobody else makes before its lease has run out."""

    id: str
    number: int
    """Of the try, from 1."""
    tried_in_round: int
    """Tries since the delivery was written or last sent again by hand, with this one."""
    payload: bytes
    event_type: str
    webhook: Webhook
    sealed: Sealed
    """The webhook's secrets and headers."""


@dataclass(frozen=True)
class TryOutcome:
    """What came of a try."""

    status: DeliveryStatus
    """Of the delivery from now on."""
    next_attempt_at: datetime | None
    """With the status pending."""
    response_ms: float
    response_code: int | None = None
    error: str = ""
    request_headers: dict[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response_excerpt: str = ""
    quiet_until: datetime | None = None
    """The endpoint wants nothing at all until then."""
    disabled_because: str = ""
    """Switch the webhook off, and say so."""


class Webhooks(Protocol):
    def create(self, draft: WebhookDraft, sealed: Sealed, by: Actor) -> Webhook:
        """Raises NotFound (project)."""
        ...

    def get(self, webhook_id: str) -> Webhook: ...

    def sealed(self, webhook_id: str) -> Sealed: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Webhook]:
        """Of one project, those that hear of every project included; of all without one."""
        ...

    def replace(
        self,
        webhook_id: str,
        draft: WebhookDraft,
        sealed: Sealed,
        changed: list[str],
        expected_version: int | None,
        by: Actor,
    ) -> Webhook:
        """changed: names of the fields. Switched on, it starts anew: nothing that it failed at before counts."""
        ...

    def rotate(
        self, webhook_id: str, sealed: Sealed, previous_until: datetime | None, expected_version: int, by: Actor
    ) -> Webhook:
        """New secrets; those before count until a moment, or not any more. Raises VersionConflict."""
        ...

    def delete(self, webhook_id: str, expected_version: int | None, by: Actor) -> None:
        """With its deliveries."""
        ...

    def test(self, webhook_id: str, by: Actor) -> DeliveryDetail:
        """Write a delivery of ``webhook.test``, due at once. Raises Conflict while the webhook is switched off."""
        ...

    def keys(self) -> dict[str, int]:
        """How many webhooks need each key."""
        ...


class Deliveries(Protocol):
    def get(self, delivery_id: str) -> DeliveryDetail: ...

    def newest(
        self, webhook_id: str, request: SliceRequest, only: DeliveryFilter = EVERY_DELIVERY
    ) -> Slice[Delivery]: ...

    def due(self) -> list[str]:
        """The webhooks that have something to be sent now."""
        ...

    def claim(self, webhook_id: str, lease_seconds: float) -> ClaimedDelivery | None:
        """Begin a try of what is due longest; None when nothing is, or others have it in hand.

        A try whose lease runs out without an outcome counts as lost, and the delivery is due again.
        """
        ...

    def settle(self, claimed: ClaimedDelivery, outcome: TryOutcome) -> bool:
        """Record what came of a try, and what follows for its webhook.

        False when its lease had run out and somebody else began another one: only the try itself is recorded.
        """
        ...

    def release(self) -> int:
        """What is in hand is due at once: for the start of an only server. How many."""
        ...

    def redeliver(self, webhook_id: str, wanted: Redelivery, by: Actor) -> int:
        """Make deliveries that have ended due again, with their ids and their bytes, and the whole schedule before
        them. How many. Raises Conflict while the webhook is switched off."""
        ...

    def purge(self, before: datetime, limit: int) -> int:
        """Delete what was written before a moment and has ended, or whose webhook is switched off. How many."""
        ...
