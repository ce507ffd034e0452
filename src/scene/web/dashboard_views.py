"""What the dashboard of a run is given to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby

from scene.domain.pictures import Picture, Screenshot
from scene.domain.progress import RunEvent
from scene.domain.runs import Execution, Run
from scene.store.values import Slice
from scene.web.dashboard_address import DashboardAddress, Show
from scene.web.review_views import ReviewPanel
from scene.web.viewmodels import RunRow, jira_url


@dataclass(frozen=True)
class Tile:
    """One execution among those of its run."""

    execution: Execution
    screenshots: list[Screenshot]

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
        """Why it is as it is; nothing where there is nothing to say of an unchanged picture."""
        if self.execution.message:
            return self.execution.message
        if self.execution.verdict == "unchanged" and not self.execution.changed_pixels:
            return ""
        return self.telling.sentence if self.telling else ""


@dataclass(frozen=True)
class TaskGroup:
    """The tiles of one task that stand side by side."""

    task_id: str
    task_name: str
    page_name: str
    tiles: list[Tile]
    url: str
    """The same list with this task alone."""

    @property
    def names_page(self) -> bool:
        return self.page_name != self.task_name


@dataclass(frozen=True)
class Count:
    """How many executions are in one state, and where they are listed alone."""

    show: Show
    label: str
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Seen:
    """What a dashboard shows, in few letters: what it sends along when it asks what changed."""

    counts: str
    listed: str
    """Which executions, in which order, and whether there are more."""
    states: str
    """Two letters for each of them."""
    line: str
    """The newest line of the log."""

    @classmethod
    def now(cls, run: Run, found: Slice[Execution], log: list[RunEvent]) -> "Seen":
        return cls(
            counts=_digest([run.status, *(str(number) for number in run.summary.model_dump().values())]),
            listed=_digest([*(execution.id for execution in found.items), "more" if found.next_cursor else ""]),
            states="".join(_digest(_state(execution))[:2] for execution in found.items),
            line=log[0].key if log else "",
        )

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Seen":
        return cls(*(query.get(name, "") for name in ("counts", "listed", "states", "line")))

    @property
    def query(self) -> dict[str, str]:
        return {"counts": self.counts, "listed": self.listed, "states": self.states, "line": self.line}

    def state(self, index: int) -> str:
        return self.states[2 * index : 2 * index + 2]


def _state(execution: Execution) -> Iterable[str]:
    return (execution.status, str(execution.attempt), str(execution.verdict), str(execution.finished_at))


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class DashboardView:
    row: RunRow
    address: DashboardAddress
    tiles: list[Tile]
    log: list[RunEvent]
    next_cursor: str | None
    seen: Seen
    jira_url_template: str | None = None
    log_open: bool = False
    review: ReviewPanel | None = None
    """Where there is something to decide, or was."""

    @property
    def active(self) -> bool:
        return not self.row.run.status.ended

    @property
    def jira_url(self) -> str | None:
        """The address of the run's issue; none where the settings do not say how it is made."""
        issue = self.row.run.jira_issue
        return jira_url(self.jira_url_template, issue) if issue else None

    @property
    def took(self) -> str | None:
        """How long an ended run executed."""
        run = self.row.run
        if run.started_at is None or run.finished_at is None:
            return None
        minutes, seconds = divmod((run.finished_at - run.started_at).total_seconds(), 60)
        return f"{minutes:.0f} min {seconds:.0f} s" if minutes else f"{seconds:.1f} s"

    @property
    def counts(self) -> list[Count]:
        summary = self.row.run.summary
        numbers = {Show.ALL: summary.total, **{show: getattr(summary, show) for show in list(Show)[1:]}}
        return [
            Count(show, _LABELS[show], number, self.address.showing(show).url, show is self.address.show)
            for show, number in numbers.items()
            if number or show in (Show.ALL, self.address.show)
        ]

    @property
    def shown_label(self) -> str:
        return _LABELS[self.address.show].lower()

    @property
    def groups(self) -> list[TaskGroup]:
        """Neighbours of one task."""
        return [
            TaskGroup(
                task_id,
                tiles[0].execution.task_name,
                tiles[0].execution.page_name,
                tiles,
                self.address.of_task(task_id).url,
            )
            for task_id, found in groupby(self.tiles, key=lambda tile: tile.execution.task_id)
            if (tiles := list(found))
        ]

    @property
    def changes_url(self) -> str:
        return self.address.changes_url(self.seen.query)

    @property
    def first_url(self) -> str | None:
        return self.address.at(None).url if self.address.cursor else None

    @property
    def further_url(self) -> str | None:
        return self.address.at(self.next_cursor).url if self.next_cursor else None


@dataclass(frozen=True)
class ChangesView:
    """What a dashboard does not show yet."""

    dashboard: DashboardView
    has_new_counts: bool
    listed_before: str | None
    """What the list on the page is known by, where other executions are listed now."""
    new_lines: list[RunEvent]
    """Newest first."""


_LABELS = {
    Show.ALL: "All",
    Show.QUEUED: "Queued",
    Show.EXECUTING: "Executing",
    Show.CHANGED: "Changed",
    Show.FAILED: "Failed",
    Show.NO_BASELINE: "No baseline",
    Show.UNCHANGED: "Unchanged",
    Show.QUARANTINED: "In quarantine",
}
