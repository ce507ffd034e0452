"""Ends what never ends by itself.

Playwright waits for a page's scripts without a time-out of its own, so a second thread watches the clock. First it
kills the page's processes: the pending call fails with "Target crashed" and the browser stays usable. When that does
not free the main thread it kills the browser, and at last it gives the whole runner up: a capture that was under way
when its browser died is never answered.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scene_runner.failure import Failed, Reason
from scene_runner.processes import is_browser_of_pages, is_renderer, kill, started_by

RENDERER_GRACE_SECONDS = 1.5
BROWSER_GRACE_SECONDS = 4.0
LOST_GRACE_SECONDS = 3.0


@dataclass(eq=False)
class _Limit:
    ends_at: float
    message: str
    expired: bool = False


class Leash:
    """A limit that is there only at times: nothing ends before it is held, nor once it is let go."""

    def __init__(self, limit: _Limit, changed: threading.Condition) -> None:
        self._limit = limit
        self._changed = changed

    def hold(self, seconds: float, message: str) -> None:
        with self._changed:
            self._limit.ends_at, self._limit.message = time.monotonic() + seconds, message
            self._changed.notify()

    def let_go(self) -> None:
        with self._changed:
            if not self._limit.expired:
                self._limit.ends_at = math.inf


class Watchdog:
    """One job at a time; limits nest."""

    def __init__(self, give_up: Callable[[Reason, str], None]) -> None:
        """``give_up`` is called on the watchdog's thread with why the job failed, and ends the process."""
        self._give_up = give_up
        self._changed = threading.Condition()
        self._limits: list[_Limit] = []
        self._lost: _Limit | None = None
        self._working = False
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    @contextmanager
    def limit(self, seconds: float, message: str) -> Iterator[None]:
        """Raises Failed("timeout", message) when the body took longer, whatever the body raised."""
        with self._limited(_Limit(time.monotonic() + seconds, message)):
            yield

    @contextmanager
    def leash(self) -> Iterator[Leash]:
        """Raises Failed("timeout") with the leash's message when that was held for too long."""
        limit = _Limit(math.inf, "")
        with self._limited(limit):
            yield Leash(limit, self._changed)

    @contextmanager
    def _limited(self, limit: _Limit) -> Iterator[None]:
        with self._changed:
            self._limits.append(limit)
            self._changed.notify()
        try:
            yield
        except Exception as error:
            if limit.expired:
                raise Failed("timeout", limit.message) from error
            raise
        finally:
            with self._changed:
                self._limits.remove(limit)
                self._changed.notify()
        if limit.expired:
            raise Failed("timeout", limit.message)

    @contextmanager
    def steps(self) -> Iterator[None]:
        """While the body runs, ``lost`` counts."""
        with self._changed:
            self._working = True
        try:
            yield
        finally:
            with self._changed:
                self._working = False
                self._lost = None

    def lost(self, message: str) -> None:
        """The page or the browser is gone: the main thread has a moment to notice, which it never does in a capture."""
        with self._changed:
            if self._working and self._lost is None:
                self._lost = _Limit(time.monotonic() + LOST_GRACE_SECONDS, message)
                self._changed.notify()

    def regained(self) -> None:
        """What was lost has been replaced."""
        with self._changed:
            self._lost = None

    def _watch(self) -> None:
        with self._changed:
            while True:
                limits = [*self._limits, self._lost] if self._lost else self._limits
                limit = min(limits, key=lambda each: each.ends_at, default=None)
                if limit is None or limit.ends_at == math.inf:
                    self._changed.wait()
                elif (left := limit.ends_at - time.monotonic()) > 0:
                    self._changed.wait(left)
                elif limit is self._lost:
                    self._give_up("crash", limit.message)
                else:
                    self._enforce(limit)

    def _enforce(self, limit: _Limit) -> None:
        limit.expired = True
        # A Firefox ends with its page's process; by itself it takes its time over that.
        kill(each for each in started_by(os.getpid()) if is_renderer(each) or is_browser_of_pages(each))
        if self._released(limit, RENDERER_GRACE_SECONDS):
            return
        # The driver is our child and must live, so that Playwright learns of its browser's end.
        kill(process for process in started_by(os.getpid()) if process.parent != os.getpid())
        if self._released(limit, BROWSER_GRACE_SECONDS):
            return
        self._give_up("timeout", limit.message)

    def _released(self, limit: _Limit, seconds: float) -> bool:
        return self._changed.wait_for(lambda: limit not in self._limits, seconds)
