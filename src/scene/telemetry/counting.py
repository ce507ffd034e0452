"""What happened to runs and executions, as numbers, spans and log lines."""

from collections.abc import Sequence

import structlog

from scene.domain.happenings import ExecutionsHappened, Happened, RunHappened
from scene.domain.records import EventType
from scene.telemetry import spans
from scene.telemetry.metrics import EVENTS, EXECUTIONS_ENDED, RUNS_ENDED

log = structlog.get_logger(__name__)

_ENDS = (EventType.TASK_FINISHED, EventType.TASK_FAILED)


def count(happened: Sequence[Happened]) -> None:
    """After the transaction that did it was committed."""
    for each in happened:
        if isinstance(each, RunHappened):
            _count_run(each)
        else:
            _count_executions(each)


def _count_run(run: RunHappened) -> None:
    EVENTS.labels(run.event).inc()
    about = {"project": run.project_id, "batch": run.batch_id, "run": run.run_id, "purpose": str(run.purpose)}
    outcome = {"status": str(run.status), "verdict": str(run.verdict or ""), "reason": str(run.reason or "")}
    log.info(run.event.replace(".", "_"), **about, **(outcome if run.finished_at else {}))
    if run.event is EventType.RUN_FINISHED and run.finished_at is not None and not run.again:
        RUNS_ENDED.labels(run.purpose, *(outcome[name] for name in ("status", "verdict", "reason"))).inc()
        told = {f"scene.{key}": value for key, value in {**about, **outcome}.items() if value}
        spans.tell_run(run.run_id, run.created_at, run.finished_at, told)


def _count_executions(some: ExecutionsHappened) -> None:
    EVENTS.labels(some.event).inc(some.count)
    if some.event in _ENDS:
        EXECUTIONS_ENDED.labels(some.browser, some.status, some.verdict or "", some.reason or "").inc(some.count)
