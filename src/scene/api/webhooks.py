"""Webhooks and their deliveries over REST: a secret is answered once, when it is made."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from scene.api.caller import CallerDep
from scene.api.deps import ActorDep, ExpectedVersion, ProjectFilter, ServicesDep, SliceDep, tag
from scene.api.examples import RedeliveryBody, RotationBody, WebhookBody
from scene.api.schemas import ListOf, WebhookChanges
from scene.domain.filters import Moment
from scene.domain.records import EventType
from scene.domain.webhooks import (
    Delivery,
    DeliveryDetail,
    DeliveryFilter,
    DeliveryStatus,
    Redelivered,
    Webhook,
    WebhookWithSecret,
)
from scene.store.values import Slice

router = APIRouter(prefix="/api", tags=["webhooks"])


def _delivery_filter(
    statuses: Annotated[
        list[DeliveryStatus], Query(alias="status", description="Only with one of these statuses.")
    ] = [],  # noqa: B006
    event_types: Annotated[list[EventType], Query(alias="event_type", description="Only of these events.")] = [],  # noqa: B006
    created_after: Annotated[Moment | None, Query(description="Only written then or later.")] = None,
    created_before: Annotated[Moment | None, Query(description="Only written earlier.")] = None,
) -> DeliveryFilter:
    return DeliveryFilter(
        statuses=statuses, event_types=event_types, created_after=created_after, created_before=created_before
    )


DeliveryFilterDep = Annotated[DeliveryFilter, Depends(_delivery_filter)]


@router.post("/webhooks", status_code=201, summary="Create a webhook; its secret is told here and never again")
def create_webhook(draft: WebhookBody, services: ServicesDep, by: ActorDep, response: Response) -> WebhookWithSecret:
    webhook = services.webhooks.create(draft, by)
    tag(response, webhook)
    return webhook


@router.get("/webhooks", summary="Webhooks, newest first; of a project, those that hear of every project included")
def list_webhooks(
    services: ServicesDep, request: SliceDep, caller: CallerDep, project: ProjectFilter = None
) -> ListOf[Webhook]:
    found = services.webhooks.newest(project, request)
    return ListOf.of(Slice([webhook.shown_to(caller.scope) for webhook in found.items], found.next_cursor))


@router.get("/webhooks/{webhook_id}", summary="One webhook: without its secret and the values of its headers")
def get_webhook(webhook_id: str, services: ServicesDep, caller: CallerDep, response: Response) -> Webhook:
    webhook = services.webhooks.get(webhook_id)
    tag(response, webhook)
    return webhook.shown_to(caller.scope)


@router.patch("/webhooks/{webhook_id}", summary="Change some fields of a webhook")
def update_webhook(
    webhook_id: str,
    changes: WebhookChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Webhook:
    webhook = services.webhooks.update(webhook_id, changes, version, by)
    tag(response, webhook)
    return webhook


@router.delete("/webhooks/{webhook_id}", status_code=204, summary="Delete a webhook with its deliveries")
def delete_webhook(webhook_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.webhooks.delete(webhook_id, version, by)


@router.post("/webhooks/{webhook_id}/secret", summary="Make a new secret; for a while the one before signs too")
def rotate_secret(
    webhook_id: str, rotation: RotationBody, services: ServicesDep, by: ActorDep, response: Response
) -> WebhookWithSecret:
    webhook = services.webhooks.rotate(webhook_id, rotation, by)
    tag(response, webhook)
    return webhook


@router.delete("/webhooks/{webhook_id}/secret/previous", summary="End the secret before the newest one now")
def end_previous_secret(webhook_id: str, services: ServicesDep, by: ActorDep, response: Response) -> Webhook:
    webhook = services.webhooks.end_previous_secret(webhook_id, by)
    tag(response, webhook)
    return webhook


@router.post("/webhooks/{webhook_id}/test", status_code=202, summary="Send webhook.test to a webhook")
def send_test(webhook_id: str, services: ServicesDep, by: ActorDep) -> DeliveryDetail:
    return services.webhooks.test(webhook_id, by)


@router.get("/webhooks/{webhook_id}/deliveries", summary="What was sent to a webhook, newest first")
def list_deliveries(
    webhook_id: str, services: ServicesDep, request: SliceDep, caller: CallerDep, only: DeliveryFilterDep
) -> ListOf[Delivery]:
    found = services.webhooks.deliveries(webhook_id, request, only)
    return ListOf.of(Slice([delivery.shown_to(caller.scope) for delivery in found.items], found.next_cursor))


@router.post(
    "/webhooks/{webhook_id}/redeliver",
    status_code=202,
    summary="Send deliveries that have ended again: those named, or those of a time",
)
def redeliver_many(webhook_id: str, wanted: RedeliveryBody, services: ServicesDep, by: ActorDep) -> Redelivered:
    return Redelivered(count=services.webhooks.redeliver(webhook_id, wanted, by))


@router.get("/deliveries/{delivery_id}", summary="One delivery: its body, and what came of each try")
def get_delivery(delivery_id: str, services: ServicesDep, caller: CallerDep) -> DeliveryDetail:
    return services.webhooks.delivery(delivery_id).shown_to(caller.scope)


@router.post("/deliveries/{delivery_id}/redeliver", status_code=202, summary="Send a delivery that has ended again")
def redeliver_one(delivery_id: str, services: ServicesDep, by: ActorDep) -> DeliveryDetail:
    return services.webhooks.redeliver_one(delivery_id, by)
