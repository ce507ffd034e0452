"""What a server does again and again beside its work, in a thread of its own."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from scene.errors import StorageError

log = structlog.get_logger(__name__)

_STOP_SECONDS: Final = 5
"""A step that hangs must not hold up the end; none of them leaves anything half-done."""


class Periodic:
    """Owns its thread from ``start`` to ``stop``. A round that fails is logged, and the next one comes all the same."""

    def __init__(self, name: str, act: Callable[[], None], interval_seconds: float) -> None:
        """interval_seconds: from the end of a round to the start of the next; 0 never acts."""
        self._name = name
        self._act = act
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def stopping(self) -> bool:
        """For rounds that take long: whether they should end now."""
        return self._stopping.is_set()

    def start(self) -> None:
        if self._interval_seconds:
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_seconds):
            try:
                self._act()
            except StorageError as error:
                log.warning("round_failed", periodic=self._name, error=error.message)
            except Exception:
                # What is lost would otherwise never be found again.
                log.exception("round_broke", periodic=self._name)
