"""The worker: slots that take jobs, a heartbeat that keeps their leases, a reconciler that mends what was lost."""

import os
import socket
import threading
import time
from typing import Final

import structlog

from scene.domain.model import new_id
from scene.domain.viewport import Browser
from scene.errors import StorageError
from scene.launch.base import Launcher
from scene.queue.base import Job, Queue
from scene.services.attempts import Attempts
from scene.store.base import Store, Work
from scene.worker.heartbeat import Heartbeat
from scene.worker.periodic import Periodic
from scene.worker.reconcile import Reconciler

log = structlog.get_logger(__name__)

_TAKE_SECONDS: Final = 60
_RETURN_SECONDS: Final = 1
"""Between two tries to reach a queue that does not answer."""
_TIDY_SECONDS: Final = 600
_LATELY: Final = 200
"""Executions whose browsers are likely to be asked for again."""
LANES: Final = frozenset(browser.value for browser in Browser)
"""A browser that is not installed is taken too: its executions end with browser_unavailable, they do not wait."""


class Worker:
    """Owns its threads from ``start`` to ``stop``."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        launcher: Launcher,
        attempts: Attempts,
        *,
        slots: int,
        lease_seconds: float,
        alone: bool,
    ) -> None:
        """alone: no other server uses this store."""
        self.id = f"{socket.gethostname()}:{os.getpid()}:{new_id()[-6:]}"
        self._store = store
        self._queue = queue
        self._launcher = launcher
        self._attempts = attempts
        self._stopping = threading.Event()
        self._heartbeat = Heartbeat(store, launcher, worker=self.id, lease_seconds=lease_seconds)
        self._reconciler = Reconciler(store, queue, alone=alone)
        self._tidying = Periodic("runners", launcher.tidy, _TIDY_SECONDS)
        self._threads = [
            threading.Thread(target=self._serve_slot, name=f"slot-{number}", daemon=True) for number in range(slots)
        ]

    def start(self) -> None:
        self._launcher.expect(self._store.executions.lately(_LATELY))
        self._tidying.start()
        self._reconciler.start()
        self._heartbeat.start()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_seconds: float = 5) -> None:
        """Take no more jobs and wait a while for those in hand; what is not done by then is killed and taken over."""
        self._stopping.set()
        self._queue.drain()
        self._reconciler.stop()
        self._tidying.stop()
        deadline = time.monotonic() + timeout_seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        self._launcher.close()
        for thread in self._threads:
            thread.join(timeout_seconds)
        self._heartbeat.stop()

    def _serve_slot(self) -> None:
        while not self._stopping.is_set():
            if job := self._take():
                if work := self._start(job):
                    self._carry_out(job, work)
                self._queue.done(job)

    def _take(self) -> Job | None:
        try:
            return self._queue.take(LANES, _TAKE_SECONDS)
        except StorageError as error:
            log.warning("no_job_taken", error=error.message)
            self._stopping.wait(_RETURN_SECONDS)
            return None

    def _start(self, job: Job) -> Work | None:
        """None when the attempt is no longer wanted, or could not be started: the reconciler puts its job again."""
        try:
            return self._attempts.start(job.execution_id, job.attempt, self.id)
        except StorageError as error:
            log.warning("job_not_started", job=job.key, error=error.message)
        except Exception:
            log.exception("job_broke", job=job.key)
        return None

    def _carry_out(self, job: Job, work: Work) -> None:
        with self._heartbeat.holding(work.execution.id, work.execution.attempt):
            try:
                self._attempts.carry_out(work)
            except StorageError as error:
                # Not recorded: the lease runs out, and the attempt is taken over.
                log.warning("attempt_not_recorded", job=job.key, error=error.message)
            except Exception:
                log.exception("attempt_broke", job=job.key)
                self._abandon(job, work)

    def _abandon(self, job: Job, work: Work) -> None:
        try:
            self._attempts.abandon(work, "Scene itself failed here; the server's log says where.")
        except StorageError as error:
            log.warning("attempt_not_recorded", job=job.key, error=error.message)
