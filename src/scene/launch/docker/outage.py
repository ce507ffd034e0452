"""An engine that is gone for a moment costs the executions that it carried an attempt, and the others none."""

import time
from collections.abc import Callable

from scene.launch.docker.engine import Engine, EngineError

_PATIENCE_SECONDS = 60
"""How long an engine may be gone before executions are told so."""


class Outage:
    """Of one engine. Thread-safe."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._since: float | None = None

    def noticed(self) -> None:
        """The engine did not answer, or took a runner with it."""
        if self._since is None:
            self._since = self._clock()

    def should_wait(self) -> bool:
        """Whether the engine is gone, and may be back before anybody has to hear of it; asks it, if it was gone."""
        since = self._since
        if since is None:
            return False
        try:
            self._engine.version()
        except EngineError:
            return self._clock() - since < _PATIENCE_SECONDS
        self._since = None
        return False
