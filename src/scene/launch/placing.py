"""Where a job is carried out, as its first step."""

import time
from dataclasses import asdict

from scene.launch.base import OnEvent
from scene_runner.protocol import Json, Step


class Placing:
    """Passes on the events of one job, and tells how long it waited for which runner."""

    def __init__(self, job_id: str, on_event: OnEvent) -> None:
        self._job_id = job_id
        self._on_event = on_event
        self._asked = time.monotonic()
        self._detail = ""

    def on(self, runner: str, *, waited_for_it: bool) -> None:
        """runner: which it is, to be read by a person."""
        self._detail = f"{runner}, {'which waited for it' if waited_for_it else 'started for it'}"

    def on_event(self, event: Json) -> None:
        self._on_event(event)
        if event.get("event") == "started":
            waited_ms = round((time.monotonic() - self._asked) * 1000, 1)
            # Before the job's own clock starts.
            step = Step("runner", "ok", started_ms=0, duration_ms=waited_ms, detail=self._detail)
            self._on_event({"event": "step", "id": self._job_id, "step": asdict(step)})
