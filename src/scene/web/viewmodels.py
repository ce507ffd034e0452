"""What templates are given: typed, ready to show, nothing to decide."""

from dataclasses import dataclass
from urllib.parse import urlencode

from scene.domain.catalog import Batch, Project
from scene.domain.pictures import Comparison, ComparisonKind, Picture, Screenshot
from scene.domain.runs import Execution, Run
from scene.domain.status import Purpose
from scene.domain.verdict import Level, level
from scene.services.history import ExecutionDetail
from scene.store.base import Slice


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


@dataclass(frozen=True)
class RunRow:
    """One line of the list of runs."""

    run: Run
    project_name: str

    @property
    def purpose(self) -> str:
        return "Baseline recording" if self.run.purpose is Purpose.BASELINE_RECORDING else "Comparison"

    @property
    def progress_percent(self) -> int:
        return _percent(self.run.summary.ended, self.run.summary.total)


@dataclass(frozen=True)
class RunsView:
    rows: list[RunRow]
    older_url: str | None
    newest_url: str | None
    active: bool
    """Whether the list can still change: it asks again then."""
    own_url: str

    @classmethod
    def of(cls, found: Slice[Run], projects: dict[str, Project], cursor: str | None) -> "RunsView":
        return cls(
            rows=[RunRow(run, projects[run.project_id].name) for run in found.items],
            older_url=f"/runs?{urlencode({'cursor': found.next_cursor})}" if found.next_cursor else None,
            newest_url="/runs" if cursor else None,
            active=any(not run.status.ended for run in found.items),
            own_url=f"/runs?{urlencode({'cursor': cursor})}" if cursor else "/runs",
        )

    @classmethod
    def short(cls, rows: list[RunRow]) -> "RunsView":
        """Inside another page, which asks again and turns the pages itself."""
        return cls(rows=rows, older_url=None, newest_url=None, active=False, own_url="/runs")


@dataclass(frozen=True)
class Tile:
    """One execution among those of its run."""

    execution: Execution
    screenshots: list[Screenshot]
    level: Level

    @property
    def telling(self) -> Screenshot | None:
        """The screenshot that says most: a changed or missing one before the others."""
        first = next(iter(self.screenshots), None)
        return next((shot for shot in self.screenshots if shot.verdict in ("changed", "missing")), first)

    @property
    def shown(self) -> Picture | None:
        """Its picture, or what the baseline has in its place."""
        return (self.telling.picture or self.telling.missing_picture) if self.telling else None

    @property
    def sentence(self) -> str:
        if self.execution.message:
            return self.execution.message
        return self.telling.sentence if self.telling else ""


@dataclass(frozen=True)
class RunView:
    row: RunRow
    batch: Batch | None
    tiles: list[Tile]
    older_url: str | None
    newest_url: str | None
    own_url: str

    @property
    def active(self) -> bool:
        return not self.row.run.status.ended

    @classmethod
    def of(
        cls,
        row: RunRow,
        batch: Batch | None,
        found: Slice[Execution],
        screenshots: dict[str, list[Screenshot]],
        cursor: str | None,
    ) -> "RunView":
        threshold = batch.execution_diff_threshold_percent if batch else 1
        own = f"/runs/{row.run.id}"
        return cls(
            row=row,
            batch=batch,
            tiles=[
                Tile(execution, screenshots[execution.id], level(execution.percent_changed or 0, threshold))
                for execution in found.items
            ],
            older_url=f"{own}?{urlencode({'cursor': found.next_cursor})}" if found.next_cursor else None,
            newest_url=own if cursor else None,
            own_url=f"{own}?{urlencode({'cursor': cursor})}" if cursor else own,
        )


@dataclass(frozen=True)
class ExecutionView:
    run: RunRow
    detail: ExecutionDetail
    previous_url: str | None
    next_url: str | None

    @property
    def active(self) -> bool:
        return not self.detail.execution.status.ended

    @staticmethod
    def with_baseline(screenshot: Screenshot) -> Comparison | None:
        return screenshot.newest(ComparisonKind.BASELINE)

    @staticmethod
    def with_reference(screenshot: Screenshot) -> Comparison | None:
        return screenshot.newest(ComparisonKind.REFERENCE)
