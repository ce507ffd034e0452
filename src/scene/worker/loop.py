"""The worker: slots that take jobs, a heartbeat that keeps their leases, and a word in the registry."""

import threading
import time
from typing import Final

import structlog

from scene.errors import StorageError
from scene.launch.base import Launcher
from scene.queue.base import Job, Queue
from scene.services.attempts import Attempts
from scene.services.dispatch import dispatch
from scene.store.base import Store
from scene.store.values import Work
from scene.worker.heartbeat import Heartbeat
from scene.worker.periodic import Periodic
from scene.worker.presence import Presence

log = structlog.get_logger(__name__)

_TAKE_SECONDS: Final = 5
"""How long a lowered cap, or a browser that came or went, may stay unnoticed by a slot that waits."""
_RETURN_SECONDS: Final = 1
"""Between two tries to reach a queue or an engine that does not answer, and two looks at the cap."""
_KILLED_SECONDS: Final = 5
"""How long slots get to see that their runners were killed."""
_TIDY_SECONDS: Final = 600
_LATELY: Final = 200
"""Executions whose browsers are likely to be asked for again."""


class Worker:
    """Owns its threads from ``start`` to ``stop``."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        launcher: Launcher,
        attempts: Attempts,
        presence: Presence,
        *,
        worker_id: str,
        slots: int,
        lease_seconds: float,
    ) -> None:
        self.id = worker_id
        self._store = store
        self._queue = queue
        self._launcher = launcher
        self._attempts = attempts
        self._stopping = threading.Event()
        self._heartbeat = Heartbeat(store, launcher, worker=self.id, lease_seconds=lease_seconds)
        self._presence = presence
        self._tidying = Periodic("runners", launcher.tidy, _TIDY_SECONDS)
        self._threads = [
            threading.Thread(target=self._serve_slot, args=[number], name=f"slot-{number}", daemon=True)
            for number in range(slots)
        ]

    def start(self) -> None:
        self._launcher.expect(self._store.executions.lately(_LATELY))
        self._tidying.start()
        self._presence.start()
        self._heartbeat.start()
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_seconds: float) -> None:
        """Take no more jobs and wait a while for those in hand; what is not done by then is killed and handed back."""
        self._stopping.set()
        self._queue.drain()
        self._presence.drain()
        self._tidying.stop()
        deadline = time.monotonic() + timeout_seconds
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        self._launcher.close()
        for thread in self._threads:
            thread.join(_KILLED_SECONDS)
        self._heartbeat.stop()
        self._hand_back()
        self._presence.stop()

    def _hand_back(self) -> None:
        try:
            dispatch(self._queue, self._store.executions.hand_back(self.id))
        except StorageError as error:
            # Its leases run out, and what it held is taken over then.
            log.warning("not_handed_back", error=error.message)

    def _serve_slot(self, number: int) -> None:
        while not self._stopping.is_set():
            if number >= self._presence.cap or not self._launcher.ready():
                self._stopping.wait(_RETURN_SECONDS)
            elif job := self._take():
                if work := self._start(job):
                    self._carry_out(job, work)
                self._queue.done(job)

    def _take(self) -> Job | None:
        try:
            return self._queue.take(self._presence.lanes(), _TAKE_SECONDS)
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
