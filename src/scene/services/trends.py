"""How a task or a batch did over its newest comparisons."""

from typing import Final

from scene.domain.filters import RunFilter
from scene.domain.status import Purpose, Status
from scene.domain.trends import BatchTrend, Steadiness, TaskSteadiness, TaskTrend
from scene.store.base import SliceRequest, Store

RUNS: Final = 50
"""How many comparisons a trend looks back."""


class Trends:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of_task(self, task_id: str) -> TaskTrend:
        return TaskTrend.of(self._store.trends.of_task(task_id, RUNS))

    def of_batch(self, batch_id: str) -> BatchTrend:
        only = RunFilter(batch_id=batch_id, purpose=Purpose.COMPARISON, statuses=[Status.FINISHED, Status.FAILED])
        runs = self._store.runs.newest(only, SliceRequest(limit=RUNS)).items[::-1]
        tasks = sorted(self._store.trends.of_runs([run.id for run in runs]), key=_steadiest_last)
        return BatchTrend(runs, tasks, Steadiness.total(task.steadiness for task in tasks))


def _steadiest_last(task: TaskSteadiness) -> tuple[int, int, str]:
    found = task.steadiness
    return -(found.failed + found.retried + found.unstable), -found.changed, task.task_name.casefold()
