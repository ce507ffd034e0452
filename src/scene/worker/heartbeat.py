"""Keeps the leases of a worker's attempts, kills the runners of those that are no longer wanted, asks others to end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from scene.errors import StorageError
from scene.launch.base import Launcher
from scene.store.base import Store

log = structlog.get_logger(__name__)

_BEAT_SECONDS: Final = 0.5
"""Bounds how long a stop needs to reach a runner on any machine."""


class Heartbeat:
    def __init__(self, store: Store, launcher: Launcher, *, worker: str, lease_seconds: float) -> None:
        self._store = store
        self._launcher = launcher
        self._worker = worker
        self._lease_seconds = lease_seconds
        self._held: set[tuple[str, int]] = set()
        self._asked: set[tuple[str, int]] = set()
        """What was asked to end already."""
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    @contextmanager
    def holding(self, execution_id: str, attempt: int) -> Iterator[None]:
        """While the context lasts, the attempt's lease is renewed."""
        held = (execution_id, attempt)
        with self._changed:
            self._held.add(held)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._held.discard(held)
                self._asked.discard(held)

    def _beat(self) -> None:
        while True:
            with self._changed:
                # Nothing held, nothing asked: an idle worker costs nothing.
                self._changed.wait_for(lambda: self._held or self._stopping)
                if self._stopping:
                    return
                before = set(self._held)
            try:
                held = self._store.executions.renew(self._worker, self._lease_seconds, before)
            except StorageError as error:
                log.warning("leases_not_renewed", error=error.message)
            except Exception:
                # Without a heartbeat every attempt from now on would be taken over.
                log.exception("heartbeat_broke")
            else:
                self._tell(before - held.wanted, held.ending)
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, timeout=_BEAT_SECONDS)

    def _tell(self, unwanted: set[tuple[str, int]], ending: set[tuple[str, int]]) -> None:
        for execution_id, attempt in unwanted:
            self._launcher.kill(f"{execution_id}:{attempt}")
        # Once, but not before the launcher has it: between the start of an attempt and its job some time passes.
        for execution_id, attempt in ending - self._asked:
            if self._launcher.ask_to_end(f"{execution_id}:{attempt}"):
                with self._changed:
                    self._asked |= {(execution_id, attempt)} & self._held
