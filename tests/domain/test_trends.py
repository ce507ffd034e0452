"""What many executions of a task come to."""

from datetime import UTC, datetime
from typing import Any

from scene.domain.trends import PastExecution, Steadiness, TaskTrend


def past(run: int, verdict: str | None, percent: float | None = None, **fields: Any) -> PastExecution:
    return PastExecution(
        **{
            "run_id": str(run),
            "created_at": datetime(2026, 1, run, tzinfo=UTC),
            "baseline_id": "b1",
            "browser": "chromium",
            "viewport_key": "640x480@1",
            "status": "finished" if verdict else "failed",
            "reason": None if verdict else "navigation",
            "verdict": verdict,
            "percent_changed": percent,
            "duration_ms": 100,
            "attempt": 1,
            "unstable": False,
            **fields,
        }
    )


def test_a_run_has_the_worst_of_its_executions() -> None:
    executions = [past(1, "unchanged", 0), past(1, "changed", 2, browser="firefox", duration_ms=300), past(1, None)]
    (run,) = TaskTrend.of(executions).runs
    assert (run.verdict, run.percent_changed, run.duration_ms, run.failed) == ("changed", 2, 300, 1)


def test_a_run_in_which_nothing_was_compared_has_no_percentage() -> None:
    assert TaskTrend.of([past(1, None, duration_ms=None)]).runs[0].percent_changed is None
    assert TaskTrend.of([past(1, None, duration_ms=None)]).runs[0].duration_ms is None


def test_what_changed_back_with_the_same_baseline_is_counted_for_each_cell() -> None:
    verdicts = ["changed", "unchanged", "changed", "changed", "unchanged"]
    there = [past(run, verdict) for run, verdict in enumerate(verdicts, start=1)]
    elsewhere = [past(run, "changed", browser="firefox") for run in range(1, 6)]
    both = [each for pair in zip(there, elsewhere, strict=True) for each in pair]
    cells = TaskTrend.of(both).cells
    assert [(cell.browser, cell.changed_back) for cell in cells] == [("chromium", 2), ("firefox", 0)]


def test_with_another_baseline_nothing_changed_back() -> None:
    (cell,) = TaskTrend.of([past(1, "changed"), past(2, "unchanged", baseline_id="b2")]).cells
    assert cell.changed_back == 0


def test_steadiness_adds_up() -> None:
    one = Steadiness.of([past(1, "changed"), past(1, None, attempt=3)])
    assert one == Steadiness(executions=2, changed=1, failed=1, retried=1, unstable=0)
    assert Steadiness.total([one, one]) == Steadiness(4, 2, 2, 2, 0)
    assert Steadiness.total([]) == Steadiness(0, 0, 0, 0, 0)
