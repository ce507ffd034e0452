"""The promise of a queue. A job is only a hint: lost, doubled or late, it does no harm (the store decides)."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Job:
    key: str
    """Names the work, such as ``execute:<execution>:<attempt>``; a key that waits already is not put again."""
    execution_id: str
    attempt: int
    lane: str
    """Which workers can take it: the browser it needs, and the label if it asks for one."""
    priority: int = 0
    """Higher first."""


class Queue(Protocol):
    """Threads share it."""

    def put(self, jobs: list[Job]) -> None:
        """Never raises for a queue that does not answer: the reconciler puts again what is missing."""
        ...

    def take(self, lanes: frozenset[str], timeout_seconds: float) -> Job | None:
        """The next job of one of the lanes: highest priority, then oldest. None when none came in time.

        Who takes a job holds it until ``done``. Raises StorageError when the queue does not answer.
        """
        ...

    def done(self, job: Job) -> None:
        """What was taken needs nobody any more. Never raises."""
        ...

    def recover(self) -> int:
        """Let others take what dead processes held; how many jobs. Raises StorageError as ``take``."""
        ...

    def depth(self) -> int:
        """How many jobs wait. Raises StorageError as ``take``."""
        ...

    def drain(self) -> None:
        """Wake everybody who waits: from now on ``take`` returns None. What is in hand can be done, and more be put."""
        ...

    def close(self) -> None:
        """After ``drain``: nothing is asked of it any more."""
        ...
