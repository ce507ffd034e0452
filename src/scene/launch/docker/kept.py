"""Containers that serve more than one execution of the same run, where that is set."""

import threading
from collections.abc import Callable

from scene.launch.docker.container import RunnerContainer
from scene_runner.protocol import BrowserChoice

_MAX_JOBS = 50
_IDLE_SECONDS = 15


class Kept:
    """Thread-safe. Each container belongs to the run of its first execution, and ends soon after the last."""

    def __init__(self, end: Callable[[RunnerContainer], object]) -> None:
        self._end = end
        self._waiting: dict[RunnerContainer, tuple[str, threading.Timer]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def take(self, group: str, choice: BrowserChoice) -> RunnerContainer | None:
        with self._lock:
            for container, (its_group, timer) in self._waiting.items():
                if its_group == group and container.choice == choice and container.alive:
                    timer.cancel()
                    del self._waiting[container]
                    return container
        return None

    def keep(self, group: str, container: RunnerContainer) -> bool:
        """Whether it waits for the next execution of its run now."""
        with self._lock:
            if self._closed or not group or not container.alive or container.jobs >= _MAX_JOBS:
                return False
            timer = threading.Timer(_IDLE_SECONDS, self._over, [container])
            timer.daemon = True
            self._waiting[container] = (group, timer)
            timer.start()
        return True

    def close(self) -> None:
        with self._lock:
            self._closed = True
            waiting, self._waiting = self._waiting, {}
        for container, (_, timer) in waiting.items():
            timer.cancel()
            self._end(container)

    def _over(self, container: RunnerContainer) -> None:
        with self._lock:
            known = self._waiting.pop(container, None)
        if known is not None:
            self._end(container)
