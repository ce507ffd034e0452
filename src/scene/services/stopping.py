"""Stop runs and executions."""

from dataclasses import dataclass

from scene.domain.amounts import count
from scene.domain.records import Actor
from scene.domain.runs import Execution, Run
from scene.domain.status import Reason, Status
from scene.domain.stopping import Stop, StopMode
from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.store.base import Store


@dataclass(frozen=True)
class StoppedRun:
    run: Run
    stop: Stop
    message: str
    """What came of it, as a sentence; also when nothing did."""


@dataclass(frozen=True)
class StoppedExecution:
    execution: Execution
    stop: Stop
    message: str


class Stopping:
    """Runners on any machine hear of it within half a second, by the heartbeat of their worker."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    def run(self, run_id: str, mode: StopMode, by: Actor) -> StoppedRun:
        """Raises NotFound."""
        run, stop, admitted = self._store.runs.stop(run_id, mode, by)
        dispatch(self._queue, admitted)
        return StoppedRun(run, stop, _said("run", run.status, run.stop_reason, stop))

    def execution(self, execution_id: str, mode: StopMode, by: Actor) -> StoppedExecution:
        """Raises NotFound."""
        execution, stop, admitted = self._store.executions.stop(execution_id, mode, by)
        dispatch(self._queue, admitted)
        asked = Reason.SOFT_STOP if execution.no_retry else None
        return StoppedExecution(execution, stop, _said("execution", execution.status, asked, stop))


def _said(noun: str, status: Status, stop_reason: Reason | None, stop: Stop) -> str:
    if not stop.changed:
        if status.ended and stop_reason is None:
            return f"The {noun} had ended already: nothing was changed."
        return f"The {noun} was asked to stop before: nothing was changed."
    if noun == "execution":
        return "The execution ends before its next step." if stop.asked else "The execution was stopped."
    waiting = f"; {count(stop.asked, 'execution')} will end before their next step" if stop.asked else ""
    return f"The run was stopped: {count(stop.ended, 'execution')} ended{waiting}."
