"""What an attempt tells while it lasts: log lines with its ids, numbers, and a span with its parts and steps."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import structlog

from scene.domain.runs import AttemptStep, Execution, Run
from scene.domain.status import Status
from scene.telemetry import spans
from scene.telemetry.metrics import ATTEMPT_PART_SECONDS, ATTEMPT_SECONDS

log = structlog.get_logger(__name__)


@contextmanager
def told(run: Run, execution: Execution) -> Iterator[None]:
    """While the context lasts, log lines and spans of this thread carry the attempt's ids."""
    ids: dict[str, str | int] = {
        "project": run.project_id,
        "batch": run.batch_id or "",
        "run": run.id,
        "execution": execution.id,
        "attempt": execution.attempt,
    }
    about: dict[str, str | int] = {
        **ids,
        "browser": execution.browser,
        "viewport": execution.viewport.key,
        "task": execution.task_name,
    }
    with (
        structlog.contextvars.bound_contextvars(**ids),
        spans.attempt(run.id, {f"scene.{key}": value for key, value in about.items()}),
    ):
        yield


def tell_end(browser: str, status: Status, reason: str, duration_ms: float, parts_ms: Mapping[str, float]) -> None:
    ATTEMPT_SECONDS.labels(browser, status).observe(duration_ms / 1_000)
    for part, taken_ms in parts_ms.items():
        ATTEMPT_PART_SECONDS.labels(part).observe(taken_ms / 1_000)
    log.info("attempt_ended", status=str(status), reason=reason, duration_ms=duration_ms)


def tell_steps(began_ns: int, steps: Sequence[AttemptStep]) -> None:
    """What the runner did: below the current span. began_ns: when its job began."""
    spans.tell(
        [
            spans.Told(
                step.name,
                spans.later(began_ns, step.started_ms),
                spans.later(began_ns, step.started_ms + step.duration_ms),
                failed=step.status == "failed",
            )
            for step in steps
        ]
    )
