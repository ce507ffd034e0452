"""How a task or a batch did over its newest comparisons."""

from itertools import accumulate
from typing import Final

from scene.domain.filters import RunFilter
from scene.domain.runs import Run
from scene.domain.status import Purpose, Status
from scene.domain.trends import BatchTrend, Steadiness, TaskSteadiness, TaskTrend
from scene.store.base import Store
from scene.store.values import SliceRequest

RUNS: Final = 50
"""How many comparisons a trend looks back."""
_EXECUTIONS: Final = 5_000


class Trends:
    def __init__(self, store: Store, most_executions: int = _EXECUTIONS) -> None:
        """most_executions: that are counted of a batch; its older runs only have a point then."""
        self._store = store
        self._most_executions = most_executions

    def of_task(self, task_id: str) -> TaskTrend:
        return TaskTrend.of(self._store.trends.of_task(task_id, RUNS))

    def of_batch(self, batch_id: str) -> BatchTrend:
        only = RunFilter(batch_id=batch_id, purpose=Purpose.COMPARISON, statuses=[Status.FINISHED, Status.FAILED])
        runs = self._store.runs.newest(only, SliceRequest(limit=RUNS)).items[::-1]
        counted = self._counted(runs)
        tasks = sorted(self._store.trends.of_runs([run.id for run in counted]), key=_steadiest_last)
        return BatchTrend(runs, tasks, Steadiness.total(task.steadiness for task in tasks), len(counted))

    def _counted(self, runs: list[Run]) -> list[Run]:
        """The newest ones, as far as their executions are few enough; the newest in any case."""
        so_far = list(accumulate(run.summary.total for run in reversed(runs)))
        enough = max(1, sum(executions <= self._most_executions for executions in so_far))
        return runs[-enough:]


def _steadiest_last(task: TaskSteadiness) -> tuple[int, int, str]:
    found = task.steadiness
    return -(found.failed + found.retried + found.unstable), -found.changed, task.task_name.casefold()
