"""Deliveries: each try is one signed request, and what came of it decides what follows."""

import email.utils
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx2
import structlog

import scene
from scene.domain.retrying import LONGEST_SECONDS, seconds_until_next
from scene.domain.webhooks import DeliveryStatus
from scene.errors import AddressRefused, SecretUnreadable
from scene.outbound.signing import signature_headers
from scene.services.webhooks import Webhooks
from scene.store.base import Store
from scene.store.webhooks import ClaimedDelivery, TryOutcome
from scene.telemetry.metrics import DELIVERIES, DELIVERY_SECONDS

log = structlog.get_logger(__name__)

_LEASE_MARGIN_SECONDS = 15
"""Beyond the request: what a busy machine needs to record its end."""
_READ_BYTES = 65_536
"""Of an answer; the rest is not waited for."""
_EXCERPT_CHARACTERS = 2_000
_HEADER_CHARACTERS = 500
_MOST_HEADERS = 50
_QUIETING = (429, 503)
_GIVEN_UP = TryOutcome(DeliveryStatus.FAILED, None, 0, error="Given up: the tries before were lost.")


@dataclass(frozen=True)
class DeliveryPolicy:
    schedule_seconds: tuple[int, ...]
    """Between one try and the next; as many tries as entries, and one."""
    timeout_seconds: float
    """Of a whole request."""
    disable_after: timedelta
    """A webhook with which every try has failed for so long is switched off."""


class Deliveries:
    def __init__(
        self,
        store: Store,
        webhooks: Webhooks,
        policy: DeliveryPolicy,
        clock: Callable[[], datetime],
        random: Callable[[], float],
    ) -> None:
        """random: from 0 to 1."""
        self._deliveries = store.deliveries
        self._webhooks = webhooks
        self.policy = policy
        self._clock = clock
        self._random = random

    def due(self) -> list[str]:
        """The webhooks that have something to be sent now."""
        return self._deliveries.due()

    def release(self) -> None:
        """At the start of an only server: what an earlier one had in hand is due at once."""
        if count := self._deliveries.release():
            log.warning("deliveries_taken_over", count=count)

    def purge(self, before: datetime, limit: int) -> int:
        return self._deliveries.purge(before, limit)

    def send_next(self, webhook_id: str, client: httpx2.Client) -> bool | None:
        """Send what is due longest. Whether it succeeded; None when nothing is due."""
        lease_seconds = self.policy.timeout_seconds + _LEASE_MARGIN_SECONDS
        claimed = self._deliveries.claim(webhook_id, lease_seconds)
        if claimed is None:
            return None
        outcome = self._try(claimed, client) if self._may_try(claimed) else _GIVEN_UP
        if not self._deliveries.settle(claimed, outcome):
            log.warning("delivery_settled_late", delivery=claimed.id, number=claimed.number)
        succeeded = outcome.status is DeliveryStatus.SUCCEEDED
        DELIVERIES.labels("succeeded" if succeeded else "failed").inc()
        DELIVERY_SECONDS.observe(outcome.response_ms / 1_000)
        log.info(
            "delivery_tried",
            delivery=claimed.id,
            webhook=webhook_id,
            number=claimed.number,
            code=outcome.response_code,
            error=outcome.error,
        )
        if outcome.disabled_because:
            log.warning("webhook_disabled", webhook=webhook_id, because=outcome.disabled_because)
        return succeeded

    def _may_try(self, claimed: ClaimedDelivery) -> bool:
        """Tries that were lost count too: what brings Scene down is not sent for ever."""
        return claimed.tried_in_round <= len(self.policy.schedule_seconds) + 1

    def _try(self, claimed: ClaimedDelivery, client: httpx2.Client) -> TryOutcome:
        try:
            secrets, custom = self._webhooks.live_secrets(claimed.webhook, claimed.sealed)
        except SecretUnreadable as error:
            return self._judged(claimed, TryOutcome(DeliveryStatus.FAILED, None, 0, error=error.message))
        ours = {
            "Content-Type": "application/json",
            "User-Agent": f"Scene/{scene.__version__}",
            "X-Scene-Event": claimed.event_type,
            "X-Scene-Delivery": claimed.id,
            "X-Scene-Attempt": str(claimed.number),
            **signature_headers(secrets, claimed.id, claimed.payload, self._clock()),
        }
        sent = ours | dict.fromkeys(custom, "[redacted]")
        started = time.monotonic()
        outcome = self._request(claimed, client, {**custom, **ours})
        spent = (time.monotonic() - started) * 1_000
        return self._judged(claimed, replace(outcome, request_headers=sent, response_ms=round(spent, 1)))

    def _request(self, claimed: ClaimedDelivery, client: httpx2.Client, headers: dict[str, str]) -> TryOutcome:
        """The status is failed unless the endpoint took it; what follows from that is judged later."""
        answered = TryOutcome(DeliveryStatus.FAILED, None, 0)
        url = claimed.webhook.endpoint_url
        try:
            with client.stream(
                "POST", url, content=claimed.payload, headers=headers | {"Accept-Encoding": "identity"}
            ) as response:
                answered = replace(
                    answered, response_code=response.status_code, response_headers=_shown(response.headers)
                )
                excerpt = _excerpt(response)
        except AddressRefused as error:
            return replace(answered, error=error.message)
        except httpx2.TimeoutException:
            return replace(answered, error=f"No answer within {self.policy.timeout_seconds:g} s.")
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            return replace(answered, error=f"The request failed: {_reason(error)}.")
        if response.is_success:
            return replace(answered, status=DeliveryStatus.SUCCEEDED, response_excerpt=excerpt)
        return replace(answered, error=_sentence(response), response_excerpt=excerpt)

    def _judged(self, claimed: ClaimedDelivery, outcome: TryOutcome) -> TryOutcome:
        """With what follows from a failure: when it is tried again, and what becomes of the webhook."""
        if outcome.status is DeliveryStatus.SUCCEEDED:
            return outcome
        if outcome.response_code == 410:
            return replace(outcome, disabled_because="The endpoint answered 410: it is gone for good.")
        now = self._clock()
        asked = _retry_after_seconds(outcome.response_headers.get("retry-after", ""), now)
        wait = seconds_until_next(self.policy.schedule_seconds, claimed.tried_in_round, asked, self._random)
        if wait is not None:
            outcome = replace(outcome, status=DeliveryStatus.PENDING, next_attempt_at=now + timedelta(seconds=wait))
        if asked and outcome.response_code in _QUIETING:
            outcome = replace(outcome, quiet_until=now + timedelta(seconds=min(asked, LONGEST_SECONDS)))
        failing_since = claimed.webhook.failing_since
        if failing_since is not None and now - failing_since >= self.policy.disable_after:
            days = (now - failing_since).total_seconds() / 86_400
            outcome = replace(outcome, disabled_because=f"Every delivery failed for {days:.1f} days.")
        return outcome


def _reason(error: Exception) -> str:
    """In the system's words, without its number."""
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)).rstrip(".") or type(error).__name__


def _sentence(response: httpx2.Response) -> str:
    if response.is_redirect:
        # Not where to: that mostly repeats the address, and its path can be a secret.
        return f"The endpoint sends on to another address ({response.status_code}); redirects are not followed."
    return f"The endpoint answered {response.status_code} {response.reason_phrase}".strip() + "."


def _excerpt(response: httpx2.Response) -> str:
    """The beginning of the body. It may break off: the status is what counts."""
    read = b""
    with suppress(httpx2.HTTPError):
        for chunk in response.iter_raw():
            read += chunk
            if len(read) >= _READ_BYTES:
                break
    return read[: 4 * _EXCERPT_CHARACTERS].decode(errors="replace")[:_EXCERPT_CHARACTERS]


def _shown(headers: httpx2.Headers) -> dict[str, str]:
    shown = [(name.lower(), value[:_HEADER_CHARACTERS]) for name, value in headers.items()]
    return {name: "[redacted]" if name == "set-cookie" else value for name, value in shown[:_MOST_HEADERS]}


def _retry_after_seconds(text: str, now: datetime) -> float:
    """Of the header: seconds, or a date; 0 for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), LONGEST_SECONDS))
    try:
        at = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, min((at - now).total_seconds(), LONGEST_SECONDS))
