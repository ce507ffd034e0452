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
    """Which workers can take it: the browser it needs."""
    priority: int = 0
    """Higher first."""


class Queue(Protocol):
    def put(self, jobs: list[Job]) -> None: ...

    def take(self, lanes: frozenset[str], timeout_seconds: float) -> Job | None:
        """The next job of one of the lanes: highest priority, then oldest. None when none came in time."""
        ...

    def depth(self) -> int:
        """How many jobs wait."""
        ...

    def close(self) -> None:
        """Wake everybody who waits; ``take`` returns None from now on."""
        ...
