"""A clock that does not jump: leases and deadlines are lengths of time, told as times of day."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

_TOLERANCE = timedelta(seconds=2)
"""What a machine may correct its clock by, and a busy one may lose between two looks at it."""


class SteadyClock:
    """Follows the machine's clock. When that jumps, time goes on as before it; a jump that lasts is believed.

    So a clock that is set wrong and then right again ends no lease and no run, and one that was wrong from the start
    is not followed for ever. Thread-safe.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        believed_after_seconds: float = 600,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._believed_after = believed_after_seconds
        self._lock = threading.Lock()
        self._told, self._looked_at = clock(), monotonic()
        self._doubted_at: float | None = None

    def __call__(self) -> datetime:
        with self._lock:
            looked_at = self._monotonic()
            expected = self._told + timedelta(seconds=looked_at - self._looked_at)
            self._told, self._looked_at = self._judge(self._clock(), expected, looked_at), looked_at
            return self._told

    def _judge(self, said: datetime, expected: datetime, looked_at: float) -> datetime:
        if abs(said - expected) <= _TOLERANCE:
            self._doubted_at = None
            return said
        if self._doubted_at is None:
            log.warning("clock_jumped", seconds=round((said - expected).total_seconds(), 1))
            self._doubted_at = looked_at
        if looked_at - self._doubted_at < self._believed_after:
            return expected
        log.warning("clock_believed", seconds=round((said - expected).total_seconds(), 1))
        self._doubted_at = None
        return said
