"""Where the time of something went."""

import time

from scene.telemetry import spans


class Stopwatch:
    """Where the time of an attempt went, in milliseconds per part."""

    def __init__(self) -> None:
        self.started = self._last = time.perf_counter()
        self.parts: dict[str, float] = {}

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        taken_ms = (now - self._last) * 1_000
        self.parts[part] = round(self.parts.get(part, 0) + taken_ms, 1)
        spans.tell([spans.Told(part, spans.ago(taken_ms), spans.ago(0))])
        self._last = now

    @property
    def total_ms(self) -> float:
        return round((time.perf_counter() - self.started) * 1_000, 1)
