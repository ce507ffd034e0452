"""Endpoints of other systems, and the events on their way to them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from scene.domain.access import Scope
from scene.domain.browsing import Headers
from scene.domain.catalog import AbsoluteUrl, Stamped
from scene.domain.filters import Moment
from scene.domain.model import STORABLE, Model
from scene.domain.records import EventType
from scene.domain.runs import Id

_OURS = ("x-scene-", "webhook-")
_HIDDEN: Final = "/…"
_FRAMING = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)


class Format(StrEnum):
    """What the body of a delivery looks like."""

    SCENE = "scene"
    """Everything, as JSON."""
    SLACK = "slack"
    """A message for an incoming webhook of Slack."""
    TEAMS = "teams"
    """An adaptive card for a workflow of Microsoft Teams."""


def _endpoint(url: str) -> str:
    """Nothing in it may be read differently by what judges it and what dials it."""
    if "\\" in url:
        raise ValueError("must not contain a backslash")
    if "@" in urlsplit(url).netloc:
        raise ValueError("must not contain a user name or password")
    if "#" in url:
        raise ValueError("must not contain a fragment")
    if url.endswith(_HIDDEN):
        raise ValueError("must be the whole address: this is how it is shown to those who may only read")
    return url


def _free_names(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if name.lower() in _FRAMING or name.lower().startswith(_OURS):
            raise ValueError(f"{name} is a header that Scene sets itself")
        if not all(32 <= ord(character) < 127 or character == "\t" for character in value):
            raise ValueError(f"the value of {name} must be ASCII text")
        if len(value) > 4_000:
            raise ValueError(f"the value of {name} must have at most 4000 characters")
    if len({name.lower() for name in headers}) != len(headers):
        raise ValueError("names a header more than once")
    return headers


EndpointUrl = Annotated[AbsoluteUrl, AfterValidator(_endpoint)]
CustomHeaders = Annotated[Headers, AfterValidator(_free_names)]


def host_of(endpoint_url: str) -> str:
    """With its port, where it has one."""
    return urlsplit(endpoint_url).netloc


def without_path(endpoint_url: str) -> str:
    """``https://hooks.slack.com/…``: who knows the path of such an address can post there."""
    scheme, host, path, query, _ = urlsplit(endpoint_url)
    return f"{scheme}://{host}{_HIDDEN if query or path.strip('/') else path}"


class WebhookDraft(Model):
    project_id: Id | None = None
    """Hears of this project; null hears of every project. Stays as it is when the webhook is changed."""
    endpoint_url: EndpointUrl
    event_types: Annotated[list[EventType], Field(min_length=1, max_length=100)]
    """What it is told. ``webhook.test`` comes whenever somebody asks for it."""
    format: Format = Format.SCENE
    enabled: bool = True
    custom_headers: CustomHeaders = Field(default={})
    """Sent with each delivery. Their values are secrets. A change replaces all headers; one with the value null keeps
    the value that it has."""


class Webhook(Stamped):
    project_id: str | None
    endpoint_url: str
    """Its path is hidden from those who may only read: ``https://hooks.slack.com/…``."""
    event_types: list[EventType]
    format: Format
    enabled: bool
    custom_headers: list[str]
    """Their names; the values are never told."""
    previous_secret_until: datetime | None
    """Until when deliveries are signed with the secret before the newest one too."""
    failing_since: datetime | None
    """When the first try failed since the last one that succeeded."""
    quiet_until: datetime | None
    """The endpoint has asked to be left alone until then."""
    disabled_because: str
    """Why Scene switched it off, as a sentence; empty when Scene did not."""

    @property
    def name(self) -> str:
        """For sentences: paths of endpoints can be secrets."""
        return host_of(self.endpoint_url)

    @property
    def url(self) -> str:
        return f"/webhooks/{self.id}"

    def shown_to(self, scope: Scope) -> Self:
        """Without what is for those alone who may change it."""
        if scope.covers(Scope.WRITE):
            return self
        return self.model_copy(update={"endpoint_url": without_path(self.endpoint_url)})


class WebhookWithSecret(Webhook):
    """Answered once: nobody is told the secret again."""

    secret: str
    """Signs deliveries: ``whsec_`` and the key in base64."""


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    """Waits to be sent, or to be sent again."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Not tried again by itself."""


class Try(Model):
    """One request of a delivery."""

    number: int
    """From 1, over redeliveries too: ``X-Scene-Attempt``."""
    at: datetime
    response_ms: float | None
    """How long it took; null while it is on its way."""
    response_code: int | None
    """Null when there was no answer."""
    error: str
    """Why it did not succeed, as a sentence; empty when it did."""
    request_headers: dict[str, str]
    """As they were sent; custom ones without their values."""
    response_headers: dict[str, str]
    """Empty for those who may only read: answers repeat the address."""
    response_excerpt: str
    """The beginning of the answer's body; empty for those who may only read."""


class Delivery(Model):
    """One event on its way to one webhook."""

    id: str
    """The same over all tries and redeliveries: ``X-Scene-Delivery``."""
    webhook_id: str
    event_type: EventType
    status: DeliveryStatus
    next_attempt_at: datetime | None
    """When it is sent; null when it has ended. While it is on its way: when it is given up as lost."""
    created_at: datetime
    ended_at: datetime | None
    tries: list[Try]
    """Oldest first."""

    @property
    def url(self) -> str:
        return f"/deliveries/{self.id}"

    @property
    def sending(self) -> bool:
        """Whether a request is on its way."""
        return bool(self.tries) and self.tries[-1].response_ms is None

    def shown_to(self, scope: Scope) -> Self:
        """Without what the endpoint answered, where that is not for somebody with this scope."""
        if scope.covers(Scope.WRITE):
            return self
        unanswered = {"response_headers": {}, "response_excerpt": ""}
        return self.model_copy(update={"tries": [each.model_copy(update=unanswered) for each in self.tries]})


class DeliveryDetail(Delivery):
    payload: str
    """Exactly what is sent as the body, in UTF-8."""


class DeliveryFilter(Model):
    statuses: list[DeliveryStatus] = Field(default=[])
    event_types: list[EventType] = Field(default=[])
    created_after: Moment | None = None
    """At this moment or later."""
    created_before: Moment | None = None
    """Earlier than this moment."""


EVERY_DELIVERY = DeliveryFilter()


class Rotation(Model):
    previous_valid_seconds: int = Field(default=86_400, ge=0, le=30 * 86_400)
    """How long deliveries are signed with the secret before too; 0 ends it at once."""


class Redelivery(Model):
    """Which deliveries of a webhook to send again: those named, or all that the other fields leave."""

    delivery_ids: Annotated[
        list[Annotated[str, StringConstraints(max_length=64), STORABLE]], Field(max_length=1_000)
    ] = Field(default=[])
    statuses: list[DeliveryStatus] = Field(default=[DeliveryStatus.FAILED])
    created_after: Moment | None = None
    created_before: Moment | None = None


class Redelivered(Model):
    count: int
    """How many deliveries will be sent again."""


class WebhookSecrets(Model):
    """What is encrypted as a whole."""

    secrets: list[str]
    """The newest first; the one before it is used while it is valid."""
    headers: dict[str, str]
