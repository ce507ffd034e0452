"""Mends the difference between what the store says and what the queue knows."""

from typing import Final

import structlog

from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.store.base import Store
from scene.worker.periodic import Periodic

log = structlog.get_logger(__name__)

_EVERY_SECONDS: Final = 5


class Reconciler:
    """At start and every few seconds: takes over what a dead worker held, ends what passed its deadline, and puts the
    jobs that the store says are missing."""

    def __init__(self, store: Store, queue: Queue, *, alone: bool) -> None:
        """alone: no other server uses this store. Otherwise leases alone say what is held by nobody."""
        self._store = store
        self._alone = alone
        self._queue = queue
        self._rounds = Periodic("reconciler", self.reconcile, _EVERY_SECONDS)

    def start(self) -> None:
        """Raises StorageError when the store does not answer."""
        # The queue lives in this process: whatever executes at the start of the only server is held by nobody.
        self.reconcile(everything=self._alone)
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()

    def reconcile(self, *, everything: bool = False) -> None:
        """One round. Every step is a guarded verb, so that a round too many does no harm."""
        taken = self._store.executions.take_over(everything)
        if taken:
            log.warning("attempts_taken_over", count=len(taken))
        self._store.executions.expire()
        self._store.executions.admit()
        self._queue.recover()
        dispatch(self._queue, self._store.executions.waiting())
