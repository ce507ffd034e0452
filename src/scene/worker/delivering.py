"""Sends deliveries: a lane of its own for each endpoint, so that one that is slow or dead delays no other."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import httpx2
import structlog

from scene.errors import StorageError
from scene.services.deliveries import Deliveries
from scene.worker.periodic import Periodic

log = structlog.get_logger(__name__)

_ROUND_SECONDS: Final = 1
"""How long a delivery may wait to be noticed."""
_LANES_OF_ONE: Final = 4
"""Requests at once to an endpoint that does not keep up."""
_SPARE_LANES: Final = 64
"""Beyond these no endpoint gets a second lane; its first one is never refused."""
_PURGE_SECONDS: Final = 3_600
_PURGED_AT_ONCE: Final = 1_000


class Deliverer:
    """Owns its threads from ``start`` to ``stop``. Servers that share a store share the work by its leases."""

    def __init__(self, deliveries: Deliveries, make_client: Callable[[], httpx2.Client], *, alone: bool) -> None:
        """make_client: for one lane. alone: no other server uses this store."""
        self._deliveries = deliveries
        self._make_client = make_client
        self._alone = alone
        self._lanes: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._stopping = False
        self._rounds = Periodic("deliveries", self.look, _ROUND_SECONDS)

    def start(self) -> None:
        """Raises StorageError when the store does not answer."""
        if self._alone:
            self._deliveries.release()
        self._rounds.start()

    def stop(self) -> None:
        """Requests in flight get a moment; what is not recorded by then is sent again by whoever comes next."""
        self._stopping = True
        self._rounds.stop()
        self.wait(timeout_seconds=2)

    def look(self) -> None:
        """One round: a lane more for each endpoint for which something is due."""
        for webhook_id in self._deliveries.due():
            with self._changed:
                running = self._lanes[webhook_id]
                if running and (running >= _LANES_OF_ONE or self._lanes.total() >= _SPARE_LANES):
                    continue
                self._lanes[webhook_id] += 1
            threading.Thread(target=self._serve, args=(webhook_id,), name="delivery-lane", daemon=True).start()

    def wait(self, timeout_seconds: float) -> bool:
        """For the lanes to end. Whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._lanes.total(), timeout_seconds)

    def _serve(self, webhook_id: str) -> None:
        try:
            with self._make_client() as client:
                # A failure ends the lane: an endpoint in trouble is asked once a round, not as fast as it refuses.
                while not self._stopping and self._deliveries.send_next(webhook_id, client):
                    pass
        except StorageError as error:
            # Not recorded: the lease runs out, and the delivery is sent again.
            log.warning("delivery_not_recorded", webhook=webhook_id, error=error.message)
        except Exception:
            log.exception("delivery_lane_broke", webhook=webhook_id)
        finally:
            with self._changed:
                self._lanes[webhook_id] -= 1
                self._lanes += Counter()  # forgets those that have none
                self._changed.notify_all()


class DeliveryRetention(Periodic):
    """Deletes deliveries that are older than they are kept."""

    def __init__(self, deliveries: Deliveries, kept: timedelta, clock: Callable[[], datetime]) -> None:
        super().__init__("delivery-retention", self.purge, _PURGE_SECONDS)
        self._deliveries = deliveries
        self._kept = kept
        self._clock = clock

    def purge(self) -> None:
        purged = 0
        while not self.stopping:
            count = self._deliveries.purge(self._clock() - self._kept, _PURGED_AT_ONCE)
            purged += count
            if count < _PURGED_AT_ONCE:
                break
        if purged:
            log.info("deliveries_purged", count=purged)
