"""The embedded queue: in memory, for one process. What it loses in a crash, the reconciler puts again."""

import heapq
import itertools
import threading
import time

from scene.queue.base import Job


class LocalQueue:
    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._lanes: dict[str, list[tuple[int, int, Job]]] = {}
        self._waiting: set[str] = set()
        self._order = itertools.count()
        self._draining = False

    def put(self, jobs: list[Job]) -> None:
        with self._ready:
            for job in jobs:
                if job.key in self._waiting:
                    continue
                self._waiting.add(job.key)
                heapq.heappush(self._lanes.setdefault(job.lane, []), (-job.priority, next(self._order), job))
            self._ready.notify_all()

    def take(self, lanes: frozenset[str], timeout_seconds: float) -> Job | None:
        deadline = time.monotonic() + timeout_seconds
        with self._ready:
            while not self._draining:
                heads = [self._lanes[lane] for lane in lanes if self._lanes.get(lane)]
                if heads:
                    _, _, job = heapq.heappop(min(heads, key=lambda heap: heap[0][:2]))
                    self._waiting.discard(job.key)
                    return job
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return None
                self._ready.wait(remaining)
        return None

    def depth(self) -> int:
        with self._ready:
            return len(self._waiting)

    def done(self, job: Job) -> None:
        """Nothing: what was taken is no longer here, and what dies with this process the reconciler puts again."""

    def recover(self) -> int:
        """Nothing: its only process lives."""
        return 0

    def drain(self) -> None:
        with self._ready:
            self._draining = True
            self._ready.notify_all()

    def close(self) -> None:
        """Nothing: it is memory."""
