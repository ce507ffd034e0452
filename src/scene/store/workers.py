"""The promise of a store for the registry of workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from scene.domain.workers import Worker, WorkerState
from scene.store.values import Slice, SliceRequest


@dataclass(frozen=True)
class Fleet:
    """What a worker hears when it says that it is there."""

    cap: int | None
    """Executions at once on each worker; none leaves it to its slots."""
    browsers: frozenset[str]
    """What any worker that is alive can launch, itself included."""


class Workers(Protocol):
    def seen(self, state: WorkerState) -> Fleet:
        """A worker is there, for the first time or again."""
        ...

    def leave(self, worker_id: str) -> None:
        """It ended in order."""
        ...

    def newest(self, request: SliceRequest) -> Slice[Worker]:
        """Newest first; those that are lost too, for a day."""
        ...

    def alive(self) -> Sequence[Worker]:
        """Those that were seen lately, without what they carry out."""
        ...
