"""What the templates of webhooks and deliveries are given."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from scene.domain.catalog import Project
from scene.domain.webhooks import Delivery, DeliveryDetail, Webhook
from scene.web.project_views import list_addresses


@dataclass(frozen=True)
class WebhookRow:
    """One line of a list of webhooks."""

    webhook: Webhook
    project: Project | None
    """The one that it hears of; none hears of every project."""


@dataclass(frozen=True)
class WebhooksView:
    rows: list[WebhookRow]
    next_cursor: str | None
    cursor: str | None

    @property
    def own_url(self) -> str:
        return list_addresses("/webhooks", self.next_cursor, self.cursor)[0]

    @property
    def older_url(self) -> str | None:
        return list_addresses("/webhooks", self.next_cursor, self.cursor)[1]

    @property
    def newest_url(self) -> str | None:
        return list_addresses("/webhooks", self.next_cursor, self.cursor)[2]


@dataclass(frozen=True)
class WebhookView:
    """One webhook with its deliveries."""

    row: WebhookRow
    deliveries: list[Delivery]
    status: str
    """Only deliveries with this status; empty for all."""
    next_cursor: str | None
    cursor: str | None

    @property
    def webhook(self) -> Webhook:
        return self.row.webhook

    @property
    def active(self) -> bool:
        """Whether what is shown can still change by itself: it asks again then."""
        return self.webhook.enabled and any(delivery.status == "pending" for delivery in self.deliveries)

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """Words, address, and whether it is the chosen one."""
        choices = [("", "All"), ("pending", "On their way"), ("succeeded", "Delivered"), ("failed", "Failed")]
        return [(words, self._url(status=status), status == self.status) for status, words in choices]

    @property
    def own_url(self) -> str:
        return self._url(status=self.status, cursor=self.cursor)

    @property
    def older_url(self) -> str | None:
        return self._url(status=self.status, cursor=self.next_cursor) if self.next_cursor else None

    @property
    def newest_url(self) -> str | None:
        return self._url(status=self.status) if self.cursor else None

    def _url(self, **query: str | None) -> str:
        given = {name: value for name, value in query.items() if value}
        return f"{self.webhook.url}?{urlencode(given)}" if given else self.webhook.url


@dataclass(frozen=True)
class DeliveryView:
    delivery: DeliveryDetail
    row: WebhookRow

    @property
    def webhook(self) -> Webhook:
        return self.row.webhook

    @property
    def active(self) -> bool:
        return self.webhook.enabled and self.delivery.status == "pending"

    @property
    def indented(self) -> str:
        """The body for people; what is sent has no such spaces."""
        return json.dumps(json.loads(self.delivery.payload), indent=2, ensure_ascii=False)


@dataclass(frozen=True)
class SecretView:
    """A secret, the one time that it is shown."""

    title: str
    webhook: Webhook
    secret: str
