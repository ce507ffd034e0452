"""What an attempt needs to know of its runner, wherever that runs."""

from typing import Protocol

from scene.launch.base import Ending
from scene_runner.protocol import BrowserChoice, CaptureJob, Json


class RunnerGone(Exception):
    """The runner has ended; nothing more will come from it."""


class Runner(Protocol):
    """Not thread-safe, except that ``kill`` and ``ask_to_end`` may be called from any thread at any time."""

    choice: BrowserChoice
    ready: bool
    """Whether its browser is up: set by whoever has heard the ``ready`` event."""

    def start_job(self, job: CaptureJob) -> None:
        """Raises RunnerGone."""
        ...

    def ask_to_end(self, job_id: str) -> None:
        """Have a job end before its next step; too late, nothing happens."""
        ...

    def next_event(self, timeout_seconds: float) -> Json | None:
        """The next event, or none when the time is over. Raises RunnerGone."""
        ...

    def memory(self, enough: int) -> int:
        """Bytes in use, exact only above ``enough``; 0 where something else keeps the limit."""
        ...

    def out_of_memory(self) -> str | None:
        """A sentence when something of the runner was killed for want of memory since its job began."""
        ...

    def death(self) -> tuple[Ending, str]:
        """How a runner that is gone came to its end, with a sentence. Ends what is left of it."""
        ...

    def log(self) -> str:
        """The end of what it wrote to stderr since its last job began."""
        ...

    def exit_code(self) -> int | None:
        """Negative is a signal; none while it runs, or when nobody knows."""
        ...

    def kill(self) -> None:
        """End the runner and everything it started, and leave nothing of it behind."""
        ...
