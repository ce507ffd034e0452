"""How long each step of a comparison took."""

import time


class Stopwatch:
    """Laps in milliseconds, by name; a name used twice adds up."""

    def __init__(self) -> None:
        self.laps_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The time since the last lap was spent on this."""
        now = time.perf_counter()
        self.laps_ms[name] = round(self.laps_ms.get(name, 0.0) + (now - self._last) * 1000, 3)
        self._last = now
