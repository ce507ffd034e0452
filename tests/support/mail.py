"""Webhooks and their deliveries on a real store, with a clock that moves when it is told to; nothing runs by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scene.domain.records import SYSTEM, EventType
from scene.domain.webhooks import DeliveryDetail, WebhookDraft, WebhookWithSecret
from scene.outbound.gate import Gate
from scene.outbound.transport import guarded_client
from scene.services.deliveries import Deliveries, DeliveryPolicy
from scene.services.webhooks import Webhooks
from scene.store.sql import SqlStore
from scene.vault import Vault
from scene.worker.delivering import Deliverer
from tests.contract.store.world import Clock, World

SCHEDULE = (15, 60, 300)


class Mail:
    def __init__(self, store: SqlStore, clock: Clock, key_file: Path, timeout_seconds: float) -> None:
        self.world = World(store, clock)
        self.clock = clock
        self.store = store
        self._gate = Gate(["127.0.0.1"])
        self._timeout_seconds = timeout_seconds
        self.webhooks = Webhooks(store, Vault(key_file), self._gate, clock)
        policy = DeliveryPolicy(SCHEDULE, timeout_seconds, timedelta(days=5))
        self.deliveries = Deliveries(store, self.webhooks, policy, clock, lambda: 0)
        self.deliverer = Deliverer(self.deliveries, self.client, alone=True)

    def client(self) -> Any:
        return guarded_client(self._gate, seconds=self._timeout_seconds)

    def webhook(self, url: str, *events: EventType, **fields: Any) -> WebhookWithSecret:
        asked = list(events) or [EventType.RUN_FINISHED]
        return self.webhooks.create(WebhookDraft(endpoint_url=url, event_types=asked, **fields), SYSTEM)

    def test(self, webhook: WebhookWithSecret) -> str:
        """Write a delivery; its id."""
        return self.webhooks.test(webhook.id, SYSTEM).id

    def send(self, webhook: WebhookWithSecret) -> bool | None:
        """Make one try, of what is due longest."""
        with self.client() as client:
            return self.deliveries.send_next(webhook.id, client)

    def send_all(self) -> None:
        """Lanes for all that is due, until they end."""
        self.deliverer.look()
        assert self.deliverer.wait(60)

    def get(self, delivery_id: str) -> DeliveryDetail:
        return self.store.deliveries.get(delivery_id)

    def waits(self, delivery_id: str) -> float:
        """Seconds until it is tried again."""
        at = self.get(delivery_id).next_attempt_at
        assert at is not None
        return (at - self.clock.now).total_seconds()


@cache
def _migrated() -> bytes:
    """A database file without rows: made once, since migrating takes longer than most tests."""
    with TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{folder}/scene.db")
        store.migrate()
        store.close()
        return Path(folder, "scene.db").read_bytes()


@contextmanager
def mail_in(folder: Path, timeout_seconds: float = 10) -> Iterator[Mail]:
    """Its database is ``scene.db`` in the folder, and its key ``secret.key`` once something is encrypted."""
    (folder / "scene.db").write_bytes(_migrated())
    clock = Clock()
    store = SqlStore(f"sqlite:///{folder / 'scene.db'}", clock, "https://scene.example")
    key_file = folder / "secret.key"
    try:
        yield Mail(store, clock, key_file, timeout_seconds)
    finally:
        store.close()


MakeMail = Callable[..., Mail]
