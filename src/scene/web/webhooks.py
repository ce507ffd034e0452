"""Webhooks: their list, one with its deliveries, and their forms."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Project
from scene.domain.records import Actor, EventType
from scene.domain.webhooks import (
    DeliveryFilter,
    DeliveryStatus,
    Format,
    Redelivery,
    Rotation,
    Webhook,
    WebhookDraft,
    WebhookWithSecret,
)
from scene.errors import Conflict, Invalid
from scene.services.editing import draft_of
from scene.store.values import SliceRequest
from scene.web.answers import refused, saved
from scene.web.editing import Document, FormView, Noun, add_forms
from scene.web.forms import Form, FormDep, read_pairs
from scene.web.render import render, render_fragment
from scene.web.webhook_views import DeliveryView, SecretView, WebhookRow, WebhooksView, WebhookView

router = APIRouter(include_in_schema=False)

_ROWS: Final = 50
_EVENTS: Final = {
    "Runs": [EventType.RUN_STARTED, EventType.RUN_FINISHED, EventType.RUN_REVIEWED, EventType.BASELINE_FINALIZED],
    "Executions": [
        EventType.TASK_ENQUEUED,
        EventType.TASK_STARTED,
        EventType.TASK_FINISHED,
        EventType.TASK_FAILED,
        EventType.TASK_RETRY_ENQUEUED,
    ],
}
_FORMATS: Final = [
    (Format.SCENE, "Scene's own JSON, for programs"),
    (Format.SLACK, "A message for Slack"),
    (Format.TEAMS, "A card for Microsoft Teams"),
]


@dataclass(frozen=True)
class _Choices:
    project: Project | None
    """Of a new one: none hears of every project."""
    events: dict[str, list[EventType]]
    formats: list[tuple[Format, str]]


def _choices(services: Services, project_id: str, _: object) -> _Choices:
    return _Choices(services.projects.get(project_id) if project_id else None, _EVENTS, _FORMATS)


def _read(document: Document) -> None:
    """A header without a value keeps the one that it has."""
    read_pairs(document, "custom_headers")
    headers: Any = document["custom_headers"]
    if isinstance(headers, dict):
        document["custom_headers"] = {name: value or None for name, value in headers.items() if name}
    document.setdefault("event_types", [])


def _write(document: Document) -> None:
    document["custom_headers"] = [{"key": name} for name in document["custom_headers"]]


def _create(services: Services, _: str, draft: BaseModel, by: Actor) -> Webhook:
    document = draft.model_dump(mode="json")
    empty = [name for name, value in document["custom_headers"].items() if value is None]
    if empty:
        raise Invalid.field("custom_headers", f"{', '.join(empty)}: a new header needs a value")
    return services.webhooks.create(draft_of(WebhookDraft, document), by)


def _show_secret(webhook: Webhook) -> Response:
    assert isinstance(webhook, WebhookWithSecret)
    return _secret("The webhook was created", webhook)


class _FormDraft(WebhookDraft):
    """As the form sends it: a header's value can be left out."""

    custom_headers: dict[str, str | None] = Field(default={})  # type: ignore[assignment]


add_forms(
    router,
    Noun[Webhook](
        word="webhook",
        plural="webhooks",
        draft_type=_FormDraft,
        service=lambda services: services.webhooks,
        create=_create,
        goes_with_it=lambda *_: "What was sent to it, and what waits to be sent, is deleted too.",
        fields=frozenset(WebhookDraft.model_fields) - {"project_id"},
        read=_read,
        write=_write,
        shown_to=Webhook.shown_to,
        project_of=lambda webhook: webhook.project_id or "",
        choices=_choices,
        start={"enabled": True, "format": "scene", "event_types": ["run.finished", "baseline.finalized"]},
        after_delete="/webhooks",
        created=_show_secret,
    ),
    created_below="/webhooks",
)


@router.get("/webhooks")
def show_webhooks(request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    found = services.webhooks.newest(None, SliceRequest(limit=_ROWS, cursor=cursor))
    rows = [_row(services, webhook) for webhook in found.items]
    return render(request, "webhooks", "list", WebhooksView(rows, found.next_cursor, cursor))


@router.get("/webhooks/{webhook_id}")
def show_webhook(
    webhook_id: str,
    request: Request,
    services: ServicesDep,
    status: Literal["", "pending", "succeeded", "failed"] = "",
    cursor: str | None = None,
) -> HTMLResponse:
    webhook = services.webhooks.get(webhook_id)
    only = DeliveryFilter(statuses=[DeliveryStatus(status)] if status else [])
    found = services.webhooks.deliveries(webhook_id, SliceRequest(limit=_ROWS, cursor=cursor), only)
    view = WebhookView(_row(services, webhook), found.items, status, found.next_cursor, cursor)
    return render(request, "webhook", "webhook", view)


@router.get("/deliveries/{delivery_id}")
def show_delivery(delivery_id: str, request: Request, services: ServicesDep) -> HTMLResponse:
    delivery = services.webhooks.delivery(delivery_id)
    webhook = services.webhooks.get(delivery.webhook_id)
    return render(request, "delivery", "delivery", DeliveryView(delivery, _row(services, webhook)))


@router.post("/webhooks/{webhook_id}/test")
def send_test(webhook_id: str, services: ServicesDep, by: ActorDep) -> Response:
    try:
        services.webhooks.test(webhook_id, by)
    except Conflict as error:
        return refused(error.message)
    return saved("A test event is on its way.")


@router.post("/webhooks/{webhook_id}/on")
def switch_on(webhook_id: str, services: ServicesDep, by: ActorDep) -> Response:
    services.webhooks.update(webhook_id, {"enabled": True}, None, by)
    return saved("The webhook is on. What waited for it is sent now.")


@router.post("/webhooks/{webhook_id}/off")
def switch_off(webhook_id: str, services: ServicesDep, by: ActorDep) -> Response:
    services.webhooks.update(webhook_id, {"enabled": False}, None, by)
    return saved("The webhook is off. What is not sent yet waits.")


@router.get("/webhooks/{webhook_id}/secret")
def ask_rotation(webhook_id: str, services: ServicesDep) -> Response:
    return _ask(services, webhook_id, "rotation", Form(values={"previous_valid_seconds": "86400"}))


@router.post("/webhooks/{webhook_id}/secret")
def rotate(webhook_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    try:
        return _secret("The new secret", services.webhooks.rotate(webhook_id, draft_of(Rotation, sent), by))
    except (Invalid, Conflict) as error:
        return _ask(services, webhook_id, "rotation", Form.again(sent, error), 422)


@router.post("/webhooks/{webhook_id}/secret/previous/end")
def end_previous_secret(webhook_id: str, services: ServicesDep, by: ActorDep) -> Response:
    services.webhooks.end_previous_secret(webhook_id, by)
    return saved("Only the newest secret signs now.")


@router.get("/webhooks/{webhook_id}/redeliver")
def ask_redelivery(webhook_id: str, services: ServicesDep) -> Response:
    return _ask(services, webhook_id, "redelivery", Form(values={"statuses": ["failed"]}))


@router.post("/webhooks/{webhook_id}/redeliver")
def redeliver(webhook_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    """Times of the form are in UTC, to the minute."""
    asked = {"statuses": sent.get("statuses", [])}
    asked |= {name: f"{sent[name]}:00Z" for name in ("created_after", "created_before") if name in sent}
    try:
        if not asked["statuses"]:
            raise Invalid.field("statuses", "choose which")
        count = services.webhooks.redeliver(webhook_id, draft_of(Redelivery, asked), by)
    except (Invalid, Conflict) as error:
        return _ask(services, webhook_id, "redelivery", Form.again(sent, error), 422)
    return saved(f"{count} {'delivery' if count == 1 else 'deliveries'} will be sent again.")


@router.post("/deliveries/{delivery_id}/redeliver")
def redeliver_one(delivery_id: str, services: ServicesDep, by: ActorDep) -> Response:
    try:
        services.webhooks.redeliver_one(delivery_id, by)
    except Conflict as error:
        return refused(error.message)
    return saved("The delivery will be sent again.")


def _row(services: Services, webhook: Webhook) -> WebhookRow:
    return WebhookRow(webhook, services.projects.get(webhook.project_id) if webhook.project_id else None)


def _ask(services: Services, webhook_id: str, template: str, form: Form, status: int = 200) -> Response:
    webhook = services.webhooks.get(webhook_id)
    title, path = {"rotation": ("Rotate the secret", "secret"), "redelivery": ("Send again", "redeliver")}[template]
    view = FormView(title, f"{webhook.url}/{path}", form, webhook)
    return render_fragment(f"forms/{template}.html", view, status)


def _secret(title: str, webhook: WebhookWithSecret) -> Response:
    """Stays in the dialog until the reader closes it; lists behind it ask again."""
    told = {"HX-Trigger": "scene:changed"}
    return render_fragment("forms/secret.html", SecretView(title, webhook, webhook.secret), headers=told)
