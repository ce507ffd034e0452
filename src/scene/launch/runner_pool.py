"""Runners that wait for their next job: a browser that is already up saves most of a second."""

import threading
import time

from scene.launch.runner_process import RunnerProcess
from scene_runner.protocol import BrowserChoice


class RunnerPool:
    """Thread-safe. Takes the runner used last, so that those no longer needed fall idle and end."""

    def __init__(self, jobs_per_runner: int, memory_bytes: int, idle_seconds: float) -> None:
        """A runner ends after so many jobs, when it holds more memory than that between two, or when idle so long."""
        self._jobs_per_runner = jobs_per_runner
        self._memory_bytes = memory_bytes
        self._idle_seconds = idle_seconds
        self._idle: list[RunnerProcess] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._closed = False

    @property
    def idle(self) -> int:
        """How many runners wait."""
        with self._lock:
            return len(self._idle)

    def take(self, choice: BrowserChoice) -> RunnerProcess:
        """An idle runner of this browser, else a new one. Raises OSError when none can be started."""
        with self._lock:
            dead = [runner for runner in self._idle if not runner.alive]
            self._idle = [runner for runner in self._idle if runner.alive]
            fitting = [runner for runner in self._idle if runner.choice == choice]
            if fitting:
                self._idle.remove(fitting[-1])
        for runner in dead:
            runner.end()
        return fitting[-1] if fitting else RunnerProcess(choice)

    def give_back(self, runner: RunnerProcess) -> None:
        used_up = (
            not runner.alive
            or runner.jobs >= self._jobs_per_runner
            or runner.memory(enough=self._memory_bytes) > self._memory_bytes
        )
        with self._lock:
            keep = not used_up and not self._closed
            if keep:
                runner.idle_since = time.monotonic()
                self._idle.append(runner)
                self._schedule()
        if not keep:
            runner.end()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            runners, self._idle = self._idle, []
            if self._timer:
                self._timer.cancel()
                self._timer = None
        for runner in runners:
            runner.end()

    def _schedule(self) -> None:
        """One timer for the runner that has been idle longest, and none when there is no runner."""
        if self._timer or not self._idle or self._closed:
            return
        longest = min(runner.idle_since for runner in self._idle)
        self._timer = threading.Timer(max(0.0, longest + self._idle_seconds - time.monotonic()), self._end_idle)
        self._timer.daemon = True
        self._timer.start()

    def _end_idle(self) -> None:
        since = time.monotonic() - self._idle_seconds
        with self._lock:
            self._timer = None
            over = [runner for runner in self._idle if runner.idle_since <= since]
            self._idle = [runner for runner in self._idle if runner.idle_since > since]
            self._schedule()
        for runner in over:
            runner.end()
