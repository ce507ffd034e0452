"""What the history of a task or a batch is given: plots, flakiness, and a row for each run."""

from dataclasses import dataclass
from datetime import datetime

from scene.domain.amounts import duration, percent
from scene.domain.catalog import Batch, Project, Task
from scene.domain.runs import Run
from scene.domain.status import Status
from scene.domain.trends import BatchTrend, Steadiness, TaskRun, TaskTrend
from scene.web.plots import Plot, Point


@dataclass(frozen=True)
class Flaky:
    """One line of the table of flakiness."""

    name: str
    url: str | None
    """Its own history; none where there is none."""
    steadiness: Steadiness
    changed_back: int | None
    """None where it is not told."""

    @property
    def counts(self) -> list[int]:
        found = self.steadiness
        back = [] if self.changed_back is None else [self.changed_back]
        decided = [found.approved, found.approved_back]
        return [found.executions, found.changed, *back, *decided, found.failed, found.retried, found.unstable]

    def told(self, columns: list[tuple[str, str]]) -> list[tuple[str, int]]:
        """Heading and number, for where there is no room for the table: of how many, and what is not 0."""
        numbers = [(heading, number) for (heading, _), number in zip(columns, self.counts, strict=True)]
        return [each for place, each in enumerate(numbers) if place == 0 or each[1]]


@dataclass(frozen=True)
class PastRun:
    """One line of the table of runs."""

    at: datetime
    url: str
    state: str
    """``failed`` when an execution failed, else the verdict."""
    percent: float | None
    duration_ms: float | None
    failed: int
    """Executions."""

    @classmethod
    def of_task(cls, run: TaskRun) -> "PastRun":
        state = "failed" if run.failed else run.verdict or "no_baseline"
        return cls(run.created_at, f"/runs/{run.run_id}", state, run.percent_changed, run.duration_ms, run.failed)

    @classmethod
    def of_batch(cls, run: Run) -> "PastRun":
        summary = run.summary
        share = 100 * summary.changed / summary.finished if summary.finished else None
        took = (run.finished_at - run.started_at).total_seconds() * 1000 if run.started_at and run.finished_at else None
        failed = run.status is Status.FAILED or summary.failed
        state = "failed" if failed else run.verdict or "no_baseline"
        return cls(run.created_at, run.url, state, share, took, summary.failed)


@dataclass(frozen=True)
class HistoryView:
    project: Project
    noun: str
    name: str
    own_url: str
    runs: list[PastRun]
    """Oldest first."""
    percent_title: str
    duration_title: str
    flaky: list[Flaky]
    flaky_title: str
    more_flaky: int
    """How many that are steadier are not listed."""
    total: Steadiness
    counted: int
    """How many of the runs, the newest, the flakiness is of."""
    quarantine_url: str | None = None
    """Of the form that puts it in quarantine."""
    batch_url: str | None = None
    """Of the batch that it is the history of."""

    @property
    def plots(self) -> list[Plot]:
        if not self.runs:
            return []
        shares = [Point(run.at, run.url, run.percent, run.state) for run in self.runs]
        durations = [Point(run.at, run.url, run.duration_ms, run.state) for run in self.runs]
        return [
            Plot.of(self.percent_title, shares, percent, highest=100),
            Plot.of(self.duration_title, durations, duration),
        ]

    @property
    def states(self) -> list[str]:
        """Those that the plots have."""
        return sorted({run.state for run in self.runs})

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Of the table of flakiness: their headings, and what they mean."""
        back = ("Changed back", "Changed, and unchanged in the next run with the same baseline")
        return [
            ("Executions", "In these runs"),
            ("Changed", "Differed from the baseline"),
            *([back] if self.flaky and self.flaky[0].changed_back is not None else []),
            ("Approved", "Changed, and that was approved"),
            ("Approved back", "Changed to what an earlier baseline had, and that was approved"),
            ("Failed", "No picture came of it"),
            ("Retried", "Needed more than one attempt"),
            ("Unstable", "Never stood still"),
        ]

    @classmethod
    def of_task(cls, project: Project, task: Task, trend: TaskTrend) -> "HistoryView":
        return cls(
            project=project,
            noun="task",
            name=task.name,
            own_url=f"/tasks/{task.id}/history",
            runs=[PastRun.of_task(run) for run in trend.runs],
            percent_title="Changed pixels, the most of any browser and viewport",
            duration_title="Duration of the longest execution",
            flaky=[
                Flaky(f"{cell.browser} {cell.viewport_key}", None, cell.steadiness, cell.changed_back)
                for cell in trend.cells
            ],
            flaky_title="Browser and viewport",
            more_flaky=0,
            total=trend.total,
            counted=len(trend.runs),
            quarantine_url=f"/tasks/{task.id}/quarantine",
        )

    @classmethod
    def of_batch(cls, project: Project, batch: Batch, trend: BatchTrend, flaky: list[Flaky]) -> "HistoryView":
        """flaky: the first of the trend's tasks."""
        return cls(
            project=project,
            noun="batch",
            name=batch.name,
            own_url=f"/batches/{batch.id}/history",
            runs=[PastRun.of_batch(run) for run in trend.runs],
            percent_title="Changed executions, of those that finished",
            duration_title="Duration of the run",
            flaky=flaky,
            flaky_title="Task, the least steady first",
            more_flaky=len(trend.tasks) - len(flaky),
            total=trend.total,
            counted=trend.counted,
            batch_url=f"/batches/{batch.id}",
        )
