"""What a runner says while it works."""

import queue

from scene.launch.runner import RunnerGone
from scene_runner.protocol import Json

_LOG_BYTES = 100_000


class RunnerOutput:
    """Its events in their order, and the end of its log: written by threads that read from it."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self._log = bytearray()

    def add_event(self, event: Json) -> None:
        self._events.put(event)

    def end(self) -> None:
        """Nothing will come any more."""
        self._events.put(None)

    def next_event(self, timeout_seconds: float) -> Json | None:
        """The next event, or none when the time is over. Raises RunnerGone after the last one."""
        try:
            event = self._events.get(timeout=max(0.0, timeout_seconds))
        except queue.Empty:
            return None
        if event is None:
            self._events.put(None)
            raise RunnerGone
        return event

    def add_log(self, data: bytes) -> None:
        self._log += data
        if len(self._log) > 2 * _LOG_BYTES:
            del self._log[:-_LOG_BYTES]

    def forget_log(self) -> None:
        self._log.clear()

    def log(self) -> str:
        return bytes(self._log[-_LOG_BYTES:]).decode(errors="replace")
