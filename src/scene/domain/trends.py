"""How a task or a batch did over its newest comparisons: what changed, how long it took, and how steady it is."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from itertools import groupby, pairwise

from scene.domain.model import Model
from scene.domain.runs import Run
from scene.domain.status import Reason, Status, Verdict
from scene.domain.verdict import worst


class PastExecution(Model):
    """One execution of an ended comparison, as far as its trend needs it."""

    run_id: str
    created_at: datetime
    """When its run was created."""
    baseline_id: str | None
    """What its run compared with."""
    browser: str
    viewport_key: str
    status: Status
    reason: Reason | None
    verdict: Verdict | None
    percent_changed: float | None
    duration_ms: float | None
    """Of the last attempt."""
    attempt: int
    """How many there were; 0 when it never started."""
    unstable: bool
    """Whether a screenshot of it never stood still."""
    approved: bool = False
    """Whether a changed screenshot of it was approved."""
    approved_back: bool = False
    """Whether one of those has the very picture that an earlier baseline had: it changed to and fro."""


@dataclass(frozen=True)
class Steadiness:
    """How often something changed, and how often capturing it did not go smoothly, in executions."""

    executions: int
    changed: int
    failed: int
    retried: int
    """More than one attempt was needed."""
    unstable: int
    """It never stood still: a screenshot was kept nevertheless, or it failed for that."""
    approved: int = 0
    """It changed, and that was approved."""
    approved_back: int = 0
    """It changed to what an earlier baseline had, and that was approved."""

    @classmethod
    def of(cls, executions: Iterable[PastExecution]) -> "Steadiness":
        found = list(executions)
        return cls(
            executions=len(found),
            changed=sum(each.verdict is Verdict.CHANGED for each in found),
            failed=sum(each.status is Status.FAILED for each in found),
            retried=sum(each.attempt > 1 for each in found),
            unstable=sum(each.unstable or each.reason is Reason.UNSTABLE for each in found),
            approved=sum(each.approved for each in found),
            approved_back=sum(each.approved_back for each in found),
        )

    @classmethod
    def total(cls, parts: "Iterable[Steadiness]") -> "Steadiness":
        rows = [astuple(part) for part in parts]
        return cls(*(sum(column) for column in zip(*rows, strict=True))) if rows else cls(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class TaskSteadiness:
    """One task among those of its batch."""

    task_id: str
    task_name: str
    """As it was called when it was captured."""
    steadiness: Steadiness


@dataclass(frozen=True)
class CellSteadiness:
    """One browser and viewport of a task."""

    browser: str
    viewport_key: str
    steadiness: Steadiness
    changed_back: int
    """How often it was changed in one comparison and unchanged in the next with the same baseline: nobody approved
    anything in between."""


@dataclass(frozen=True)
class TaskRun:
    """A task in one run: all of its browsers and viewports."""

    run_id: str
    created_at: datetime
    percent_changed: float | None
    """The largest; none where nothing was compared."""
    duration_ms: float | None
    """The longest."""
    verdict: Verdict | None
    failed: int
    """Executions."""

    @classmethod
    def of(cls, executions: list[PastExecution]) -> "TaskRun":
        return cls(
            run_id=executions[0].run_id,
            created_at=executions[0].created_at,
            percent_changed=max((e.percent_changed for e in executions if e.percent_changed is not None), default=None),
            duration_ms=max((each.duration_ms for each in executions if each.duration_ms is not None), default=None),
            verdict=worst(each.verdict for each in executions),
            failed=sum(each.status is Status.FAILED for each in executions),
        )


@dataclass(frozen=True)
class TaskTrend:
    runs: list[TaskRun]
    """Oldest first."""
    cells: list[CellSteadiness]
    """By browser and viewport."""
    total: Steadiness

    @classmethod
    def of(cls, executions: list[PastExecution]) -> "TaskTrend":
        """executions: those of a run together, oldest run first."""
        by_cell = sorted(executions, key=_cell)  # stable: still oldest first within a cell
        return cls(
            runs=[TaskRun.of(list(inside)) for _, inside in groupby(executions, key=lambda each: each.run_id)],
            cells=[_cell_of(list(inside)) for _, inside in groupby(by_cell, key=_cell)],
            total=Steadiness.of(executions),
        )


@dataclass(frozen=True)
class BatchTrend:
    runs: list[Run]
    """Oldest first."""
    tasks: list[TaskSteadiness]
    """The least steady first."""
    total: Steadiness
    counted: int
    """How many of the runs, the newest, the steadiness is of: of large batches not all."""


def _cell(execution: PastExecution) -> tuple[str, str]:
    return execution.browser, execution.viewport_key


def _cell_of(executions: list[PastExecution]) -> CellSteadiness:
    back = sum(
        before.verdict is Verdict.CHANGED
        and after.verdict is Verdict.UNCHANGED
        and before.baseline_id == after.baseline_id
        for before, after in pairwise(executions)
    )
    return CellSteadiness(*_cell(executions[0]), Steadiness.of(executions), back)
