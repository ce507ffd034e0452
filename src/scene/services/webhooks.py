"""Webhooks: described by people; their secrets are read by nobody but what sends deliveries."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scene.domain.records import Actor
from scene.domain.webhooks import (
    Delivery,
    DeliveryDetail,
    DeliveryFilter,
    DeliveryStatus,
    Redelivery,
    Rotation,
    Webhook,
    WebhookDraft,
    WebhookSecrets,
    WebhookWithSecret,
)
from scene.errors import AddressRefused, Conflict, Invalid, NotFound, SecretUnreadable, VersionConflict
from scene.outbound.gate import Gate
from scene.outbound.signing import new_secret
from scene.services.editing import merge
from scene.store.auth import Sealed
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest
from scene.vault import Vault


class Webhooks:
    def __init__(self, store: Store, vault: Vault, gate: Gate, clock: Callable[[], datetime]) -> None:
        self._webhooks = store.webhooks
        self._deliveries = store.deliveries
        self._vault = vault
        self._gate = gate
        self._clock = clock

    def create(self, draft: WebhookDraft, by: Actor) -> WebhookWithSecret:
        """Raises Invalid where there is no such project, or the endpoint is an address that nothing is sent to."""
        self._check(draft)
        secret = new_secret()
        sealed = self._sealed(WebhookSecrets(secrets=[secret], headers=draft.custom_headers))
        try:
            return _with_secret(self._webhooks.create(draft, sealed, by), secret)
        except NotFound as error:
            raise Invalid.field("project_id", error.message) from None

    def get(self, webhook_id: str) -> Webhook:
        return self._webhooks.get(webhook_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Webhook]:
        """Of one project, those that hear of every project included."""
        return self._webhooks.newest(project_id, request)

    def update(
        self, webhook_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor
    ) -> Webhook:
        """Replace some fields; a custom header with the value null keeps the one that it has.

        Raises Invalid, VersionConflict, and SecretUnreadable when what stays cannot be decrypted here.
        """
        current = self._webhooks.get(webhook_id)
        secrets = self._secrets(current)
        before = WebhookDraft(
            **current.model_dump(include=set(WebhookDraft.model_fields) - {"custom_headers"}),
            custom_headers=secrets.headers,
        )
        after = merge(WebhookDraft, before, _with_kept(changes, secrets.headers))
        if after.project_id != before.project_id:
            raise Invalid.field("project_id", "cannot be changed; create another webhook")
        self._check(after)
        changed = [name for name in WebhookDraft.model_fields if getattr(after, name) != getattr(before, name)]
        sealed = self._sealed(secrets.model_copy(update={"headers": after.custom_headers}))
        return self._webhooks.replace(webhook_id, after, sealed, changed, expected_version or current.version, by)

    def delete(self, webhook_id: str, expected_version: int | None, by: Actor) -> None:
        self._webhooks.delete(webhook_id, expected_version, by)

    def rotate(self, webhook_id: str, rotation: Rotation, by: Actor) -> WebhookWithSecret:
        """A new secret; for a while deliveries are signed with the one before too."""
        current = self._webhooks.get(webhook_id)
        secrets = self._secrets(current)
        secret = new_secret()
        until = None
        if rotation.previous_valid_seconds:
            until = self._clock() + timedelta(seconds=rotation.previous_valid_seconds)
        anew = WebhookSecrets(secrets=[secret, secrets.secrets[0]], headers=secrets.headers)
        return _with_secret(self._replaced(current, anew, until, by), secret)

    def end_previous_secret(self, webhook_id: str, by: Actor) -> Webhook:
        """From now on the newest secret alone signs."""
        current = self._webhooks.get(webhook_id)
        secrets = self._secrets(current)
        if current.previous_secret_until is None:
            return current
        anew = WebhookSecrets(secrets=secrets.secrets[:1], headers=secrets.headers)
        return self._replaced(current, anew, None, by)

    def live_secrets(self, webhook: Webhook, sealed: Sealed) -> tuple[list[str], dict[str, str]]:
        """What signs now, and the custom headers. Raises SecretUnreadable."""
        secrets = WebhookSecrets.model_validate_json(self._vault.open(*sealed))
        until = webhook.previous_secret_until
        rotating = until is not None and self._clock() < until
        return secrets.secrets[: 2 if rotating else 1], secrets.headers

    def unreadable(self) -> tuple[int, str]:
        """How many webhooks this server can sign nothing for, and a sentence about all of them."""
        return self._vault.unreadable(self._webhooks.keys(), "secrets of webhooks")

    def test(self, webhook_id: str, by: Actor) -> DeliveryDetail:
        """Send it ``webhook.test``. Raises Conflict while it is switched off."""
        return self._webhooks.test(webhook_id, by)

    def deliveries(self, webhook_id: str, request: SliceRequest, only: DeliveryFilter) -> Slice[Delivery]:
        """Newest first. Raises NotFound."""
        return self._deliveries.newest(self._webhooks.get(webhook_id).id, request, only)

    def delivery(self, delivery_id: str) -> DeliveryDetail:
        return self._deliveries.get(delivery_id)

    def redeliver(self, webhook_id: str, wanted: Redelivery, by: Actor) -> int:
        """Send deliveries that have ended again: the same ids, the same bytes. How many."""
        return self._deliveries.redeliver(webhook_id, wanted, by)

    def redeliver_one(self, delivery_id: str, by: Actor) -> DeliveryDetail:
        """Raises Conflict while it is on its way, or its webhook is switched off."""
        found = self._deliveries.get(delivery_id)
        if found.status is DeliveryStatus.PENDING:
            raise Conflict("The delivery is still on its way.")
        self._deliveries.redeliver(found.webhook_id, Redelivery(delivery_ids=[delivery_id]), by)
        return self._deliveries.get(delivery_id)

    def _replaced(self, current: Webhook, anew: WebhookSecrets, until: datetime | None, by: Actor) -> Webhook:
        """Raises Conflict when somebody else saved the webhook at the same moment."""
        try:
            return self._webhooks.rotate(current.id, self._sealed(anew), until, current.version, by)
        except VersionConflict:
            raise Conflict("Somebody else saved this webhook at the same moment; try again.") from None

    def _check(self, draft: WebhookDraft) -> None:
        """What a person can be told at once; what a name resolves to is judged when it is dialled."""
        try:
            self._gate.refuse_literal(urlsplit(draft.endpoint_url).hostname or "")
        except AddressRefused as error:
            raise Invalid.field("endpoint_url", error.message) from None

    def _secrets(self, webhook: Webhook) -> WebhookSecrets:
        try:
            return WebhookSecrets.model_validate_json(self._vault.open(*self._webhooks.sealed(webhook.id)))
        except SecretUnreadable as error:
            raise SecretUnreadable(
                f"The secret of this webhook cannot be decrypted by this server. {error.message}"
            ) from error

    def _sealed(self, secrets: WebhookSecrets) -> Sealed:
        return Sealed(*self._vault.seal(secrets.model_dump_json().encode()))


def _with_secret(webhook: Webhook, secret: str) -> WebhookWithSecret:
    return WebhookWithSecret(**webhook.model_dump(), secret=secret)


def _with_kept(changes: Mapping[str, object], stored: Mapping[str, str]) -> dict[str, object]:
    """The changes, with the stored value of each header that is to keep it."""
    headers = changes.get("custom_headers")
    if not isinstance(headers, dict):
        return dict(changes)
    known = {name.lower(): value for name, value in stored.items()}
    kept = {
        name: known[str(name).lower()] if value is None and str(name).lower() in known else value
        for name, value in headers.items()
    }
    return {**changes, "custom_headers": kept}
