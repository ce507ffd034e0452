"""The promise of a launcher: one runner per attempt, and an honest account of how it ended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scene_runner.protocol import CaptureJob, CaptureResult, Json


class Ending(StrEnum):
    """How the runner of one attempt ended."""

    RESULT = "result"
    """With a result document: the attempt finished or failed by itself."""
    CRASH = "crash"
    OUT_OF_MEMORY = "out_of_memory"
    DEADLINE = "deadline"
    KILLED = "killed"
    """By ``kill``."""
    UNAVAILABLE = "unavailable"
    """The browser could not be started."""
    ENGINE_GONE = "engine_gone"
    """The container engine did not answer, or took the runner with it: another attempt can help."""


@dataclass(frozen=True)
class Outcome:
    ending: Ending
    message: str
    """One sentence for a person; empty with a result."""
    result: CaptureResult | None = None
    exit_code: int | None = None
    log: str = ""
    """What the runner wrote to stderr during this job, at most the last 100 kB."""


@dataclass(frozen=True)
class BrowserState:
    """Whether a browser can be launched here."""

    name: str
    available: bool
    detail: str
    """Version and path, or what is missing and how to get it."""


OnEvent = Callable[[Json], None]


class Launcher(Protocol):
    """Thread-safe: ``run`` is called from several threads at once, one for each slot."""

    name: str

    def browsers(self) -> list[BrowserState]:
        """Every browser Scene knows, available or not; cheap enough for /health."""
        ...

    def run(self, browser: str, job: CaptureJob, on_event: OnEvent) -> Outcome:
        """Carry out one job and return how it ended, at the latest shortly after its execution_timeout_ms.

        Never raises for anything a page, a browser or a runner does.
        """
        ...

    def ask_to_end(self, job_id: str) -> bool:
        """Have a running job end before its next step, with a result. False when it is not running (yet)."""
        ...

    def kill(self, job_id: str) -> None:
        """End a running job at once; its ``run`` returns ``KILLED``. Nothing happens when it is not running."""
        ...

    def ready(self) -> bool:
        """Whether a job is worth taking now: false while what runners stand on is gone and may soon be back."""
        ...

    def expect(self, browsers: Iterable[str]) -> None:
        """Jobs with these browsers may come soon, the likeliest first: what has to be got ready for them may be."""
        ...

    def tidy(self) -> None:
        """Remove what earlier processes left, as far as it does not end by itself. Never raises."""
        ...

    def runners(self) -> dict[str, int]:
        """How many runners there are, by what they do: ``busy``, ``idle``."""
        ...

    def close(self) -> None:
        """End every runner."""
        ...
