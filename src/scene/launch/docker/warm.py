"""Containers that wait with their browser up, so that an execution does not."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import structlog

from scene.launch.docker.container import RunnerContainer
from scene.launch.docker.engine import EngineError
from scene.launch.docker.options import PoolOptions
from scene.launch.runner import RunnerGone
from scene_runner.protocol import BrowserChoice

log = structlog.get_logger(__name__)

Start = Callable[[BrowserChoice], RunnerContainer]
"""Raises EngineError."""

_LOOK_SECONDS = 1.0
_GUESSED_BYTES = 200 * 1024 * 1024
_START_SECONDS = 60
_AFTER_FAILURE_SECONDS = 10.0


class WarmPool:
    """Thread-safe. One thread starts what is missing, one container at a time, and ends what is too old.

    Every browser that was asked for lately has containers waiting, in proportion to how often, and at most
    ``options.size`` in all. A container is handed out once; another takes its place at once.
    """

    def __init__(self, start: Start, options: PoolOptions) -> None:
        self._start = start
        self._options = options
        self._ready: list[RunnerContainer] = []
        self._wanted: Counter[BrowserChoice] = Counter()
        self._asked_at = 0.0
        self._changed = threading.Condition()
        self._closed = False
        self._not_before = 0.0
        self._starting: RunnerContainer | None = None
        self._busy = False
        self.refills_ms: list[float] = []
        """How long the last containers took from nothing to a browser that is up."""
        self._thread = threading.Thread(target=self._keep, name="warm-pool", daemon=True)
        if options.size:
            self._thread.start()

    def expect(self, choice: BrowserChoice) -> None:
        """A job with this browser may come: have one ready."""
        with self._changed:
            self._want(choice)

    def take(self, choice: BrowserChoice) -> RunnerContainer | None:
        """One that waits with this browser; none when none does."""
        with self._changed:
            self._want(choice)
            fitting = [container for container in self._ready if container.choice == choice and container.alive]
            if not fitting:
                return None
            self._ready.remove(fitting[0])
            return fitting[0]

    def waiting(self) -> int:
        with self._changed:
            return len(self._ready)

    def ids(self) -> set[str]:
        with self._changed:
            return {container.id for container in self._ready}

    def wait_until_full(self, timeout_seconds: float) -> bool:
        """Whether as many wait as are wanted now."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._missing(), timeout_seconds)

    def wait_until_empty(self, timeout_seconds: float) -> bool:
        """Whether none waits any more."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._ready and not self._busy, timeout_seconds)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            starting = self._starting
            self._changed.notify_all()
        if starting:
            starting.kill()
        if self._thread.is_alive():
            self._thread.join(_START_SECONDS)
        for container in self._ready:
            container.kill()

    def _want(self, choice: BrowserChoice) -> None:
        if sum(self._wanted.values()) > 100:  # what was asked long ago counts less
            self._wanted = Counter({each: count // 2 for each, count in self._wanted.items() if count > 1})
        self._wanted[choice] += 1
        self._asked_at = time.monotonic()
        self._changed.notify_all()

    def _keep(self) -> None:
        while True:
            with self._changed:
                # Nothing waits, nothing is wanted: an idle pool costs nothing.
                self._changed.wait_for(lambda: self._closed or self._ready or self._missing())
                self._changed.wait_for(lambda: self._closed or bool(self._missing()), timeout=_LOOK_SECONDS)
                if self._closed:
                    return
                old = self._too_old()
                self._ready = [container for container in self._ready if container not in old]
                missing = self._missing()
                self._busy = missing is not None or bool(old)
            for container in old:
                container.kill()
            if missing and time.monotonic() >= self._not_before:
                self._add(missing)
            elif missing:
                time.sleep(_LOOK_SECONDS)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _add(self, choice: BrowserChoice) -> None:
        began = time.monotonic()
        try:
            container = self._start(choice)
        except EngineError as error:
            log.warning("warm_container_not_started", error=str(error))
            self._not_before = time.monotonic() + _AFTER_FAILURE_SECONDS
            return
        with self._changed:
            self._starting = container  # so that a pool that is closed need not wait for it
        if self._closed or not _is_up(container):
            container.kill()
            if not self._closed:
                log.warning("warm_container_not_ready", browser=choice.name, said=container.log()[-500:])
                self._not_before = time.monotonic() + _AFTER_FAILURE_SECONDS
            return
        container.measure()
        with self._changed:
            self.refills_ms = [*self.refills_ms[-99:], (time.monotonic() - began) * 1000]
            self._ready.append(container)
            self._changed.notify_all()

    def _missing(self) -> BrowserChoice | None:
        """The browser that has fewest of what it should have waiting; none when all is well."""
        if self._idle():
            return None
        used = sum(container.memory_bytes or _GUESSED_BYTES for container in self._ready)
        full = len(self._ready) >= self._options.size or used + _GUESSED_BYTES > self._options.memory_mb << 20
        asked = sum(self._wanted.values())
        if full or not asked:
            return None
        there = Counter(container.choice for container in self._ready)
        return max(self._wanted, key=lambda choice: self._wanted[choice] / (there[choice] + 1))

    def _idle(self) -> bool:
        return time.monotonic() - self._asked_at > self._options.idle_seconds

    def _too_old(self) -> list[RunnerContainer]:
        since = time.monotonic() - self._options.max_age_seconds
        idle = self._idle()
        return [each for each in self._ready if idle or each.started_at < since or not each.alive]


def _is_up(container: RunnerContainer) -> bool:
    try:
        event = container.next_event(_START_SECONDS)
    except RunnerGone:
        return False
    container.ready = event is not None and event.get("event") == "ready"
    return container.ready
