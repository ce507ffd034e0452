"""The promise of a store for trends."""

from collections.abc import Collection
from typing import Protocol

from scene.domain.trends import PastExecution, TaskSteadiness


class Trends(Protocol):
    """Over many runs at once."""

    def of_task(self, task_id: str, newest: int) -> list[PastExecution]:
        """Its executions in so many of the newest ended comparisons that it was in: those of a run together, in their
        order, oldest run first."""
        ...

    def of_runs(self, run_ids: Collection[str]) -> list[TaskSteadiness]:
        """Each task of these runs, in no order."""
        ...
