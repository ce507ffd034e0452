"""What the templates of projects are given."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from scene.domain.baselines import Baseline
from scene.domain.belongings import Belongings
from scene.domain.catalog import Batch, Page, Project, Task
from scene.domain.quarantines import Quarantine
from scene.domain.runs import Run
from scene.domain.schedules import Schedule
from scene.domain.webhooks import Webhook

TABS = ("overview", "pages", "tasks", "batches", "schedules", "baselines", "quarantines", "runs", "webhooks")


@dataclass(frozen=True)
class ProjectRow:
    """One line of the list of projects."""

    project: Project
    last_run: Run | None
    last_baseline: Baseline | None


@dataclass(frozen=True)
class ProjectsView:
    rows: list[ProjectRow]
    own_url: str
    older_url: str | None
    newest_url: str | None

    @classmethod
    def of(cls, rows: list[ProjectRow], next_cursor: str | None, cursor: str | None) -> "ProjectsView":
        return cls(rows, *list_addresses("/projects", next_cursor, cursor))


@dataclass(frozen=True)
class TaskRow:
    """A task in the list of its project."""

    task: Task
    page: Page

    @property
    def executions(self) -> int:
        return len(self.task.browsers) * len(self.task.viewports)


@dataclass(frozen=True)
class BatchRow:
    """A batch in the list of its project."""

    batch: Batch
    last_run: Run | None

    @property
    def enabled(self) -> int:
        return sum(entry.enabled for entry in self.batch.tasks)


@dataclass(frozen=True)
class ScheduleRow:
    """A schedule in the list of its project."""

    schedule: Schedule
    batch: Batch
    last_run: Run | None


@dataclass(frozen=True)
class QuarantineRow:
    """A quarantine in the list of its project."""

    quarantine: Quarantine
    days: int
    """Since it was put in."""
    jira_url: str | None


@dataclass(frozen=True)
class ProjectView:
    """One project, with one of its tabs open."""

    project: Project
    tab: str
    content: Any
    """The rows of the tab."""
    next_cursor: str | None
    cursor: str | None
    switched_off: list[Webhook] = field(default_factory=list)
    """Webhooks that hear of it, and that Scene has switched off."""
    belongings: Belongings | None = None
    """What it has, where that is not much: it says what to do next."""

    @property
    def next_step(self) -> tuple[str, str, str]:
        """Before the first run: what is missing, why, and the tab where it is made."""
        there = self.belongings or Belongings()
        if not there.pages:
            return "Begin with a page", "A page is an address of the site that is to be looked at.", "pages"
        if not there.tasks:
            return "Next: a task", "A task says in which browsers and at which sizes a page is captured.", "tasks"
        if not there.batches:
            return "Next: a batch", "A batch is a set of tasks that run together.", "batches"
        return "Next: the first run", "It records a baseline of a batch; later ones are compared with that.", "batches"

    @property
    def active(self) -> bool:
        """Whether a run that the tab shows can still change: it asks again then."""
        match self.tab:
            case "overview" | "runs":
                runs = [row.run for row in self.content.rows]
            case "batches" | "schedules":
                runs = [row.last_run for row in self.content if row.last_run]
            case _:
                runs = []
        return any(not run.status.ended for run in runs)

    @property
    def tabs(self) -> list[tuple[str, str]]:
        return [(tab, self.url_of(tab)) for tab in TABS]

    def url_of(self, tab: str) -> str:
        own = f"/projects/{self.project.id}"
        return own if tab == "overview" else f"{own}/{tab}"

    @property
    def own_url(self) -> str:
        return list_addresses(self.url_of(self.tab), self.next_cursor, self.cursor)[0]

    @property
    def older_url(self) -> str | None:
        return list_addresses(self.url_of(self.tab), self.next_cursor, self.cursor)[1]

    @property
    def newest_url(self) -> str | None:
        return list_addresses(self.url_of(self.tab), self.next_cursor, self.cursor)[2]


def list_addresses(url: str, next_cursor: str | None, cursor: str | None) -> tuple[str, str | None, str | None]:
    """Of a list: its own, that of the older ones, and that of the newest when it is not its own."""
    return (
        f"{url}?{urlencode({'cursor': cursor})}" if cursor else url,
        f"{url}?{urlencode({'cursor': next_cursor})}" if next_cursor else None,
        url if cursor else None,
    )
