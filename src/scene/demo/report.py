"""The demo's result: a table for people, a document for programs."""

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from scene.demo.main_job import DemoExecution, DemoResult
from scene.domain.amounts import percent_number

_COLOURS = {"changed": "yellow", "unchanged": "green", "no_baseline": "cyan"}


def table(result: DemoResult) -> Table:
    lines = Table(box=box.SIMPLE_HEAD, title="Version 2 compared with the baseline of version 1", title_justify="left")
    lines.add_column("Task", overflow="fold")
    lines.add_column("Viewport")
    lines.add_column("Verdict")
    lines.add_column("Percent", justify="right")
    lines.add_column("What changed", overflow="fold", ratio=1)
    lines.add_column("Seconds", justify="right")
    for each in result.executions:
        execution = each.execution
        outcome = execution.verdict or execution.reason or execution.status
        lines.add_row(
            execution.task_name,
            execution.viewport.name,
            Text(outcome + ("" if each.as_expected else f" (expected {each.expected})"), _COLOURS.get(outcome, "red")),
            percent_number(each.stats.percent_changed) if each.stats else "",
            each.sentence,
            f"{(execution.duration_ms or 0) / 1_000:.1f}",
        )
    return lines


def document(result: DemoResult, url: str) -> dict[str, Any]:
    """What ``scene demo --json`` prints; ``duration`` is in seconds."""
    return {
        "run": result.run.id,
        "url": url,
        "as_expected": result.as_expected,
        "executions": [_line(each) for each in result.executions],
    }


def _line(each: DemoExecution) -> dict[str, Any]:
    execution, stats = each.execution, each.stats
    return {
        "id": execution.id,
        "task": execution.task_name,
        "browser": execution.browser,
        "viewport": execution.viewport.key,
        "status": execution.status,
        "reason": execution.reason,
        "verdict": execution.verdict,
        "expected_verdict": each.expected,
        "changed_pixels": stats.changed_pixels if stats else None,
        "percent_changed": stats.percent_changed if stats else None,
        "antialiased_pixels": stats.antialiased_pixels if stats else None,
        "regions": [region.model_dump() for region in stats.regions] if stats else [],
        "shift": {
            "rows": stats.shift_rows if stats else 0,
            "bands": [band.model_dump() for band in stats.shift_bands] if stats else [],
        },
        "sentence": each.sentence,
        "duration": round((execution.duration_ms or 0) / 1_000, 3),
    }
