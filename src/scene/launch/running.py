"""The attempts that a launcher carries out now."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scene.launch.attempt import Attempt


class Running:
    """Thread-safe. Attempts by the ids of their jobs, for whoever wants to end one."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return len(self._attempts)

    @contextmanager
    def with_(self, attempt: Attempt) -> Iterator[None]:
        with self._lock:
            self._attempts[attempt.job.id] = attempt
        try:
            yield
        finally:
            with self._lock:
                self._attempts.pop(attempt.job.id, None)

    def ask_to_end(self, job_id: str) -> bool:
        """Whether it was running."""
        with self._lock:
            attempt = self._attempts.get(job_id)
        if attempt:
            attempt.ask_to_end()
        return attempt is not None

    def kill(self, job_id: str) -> None:
        with self._lock:
            attempt = self._attempts.get(job_id)
        if attempt:
            attempt.kill()

    def kill_all(self) -> None:
        with self._lock:
            attempts = list(self._attempts.values())
        for attempt in attempts:
            attempt.kill()
