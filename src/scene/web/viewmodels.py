"""What templates are given: typed, ready to show, nothing to decide."""

from dataclasses import dataclass, field

from scene.domain.catalog import Batch, Project
from scene.domain.pictures import ComparisonKind, Screenshot
from scene.domain.renderers import Renderer
from scene.domain.runs import Run
from scene.domain.status import Purpose
from scene.errors import FieldError
from scene.services.history import ExecutionDetail
from scene.web.evidence_views import EvidenceView
from scene.web.forms import Form
from scene.web.review_views import ReviewPanel
from scene.web.run_tally import RunTallyView
from scene.web.viewer_models import ViewerView

_PURPOSES = {
    Purpose.BASELINE_RECORDING: "Baseline recording",
    Purpose.COMPARISON: "Comparison",
    Purpose.DRY_RUN: "Dry run",
}


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def jira_url(template: str | None, issue: str) -> str | None:
    return template.replace("{key}", issue) if template else None


@dataclass(frozen=True)
class RunRow:
    """One line of the list of runs."""

    run: Run
    project_name: str

    @property
    def purpose(self) -> str:
        return _PURPOSES[self.run.purpose]

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
    jira_url_template: str | None
    filtered: bool = False
    """Whether runs that there are may be left out."""

    @classmethod
    def short(cls, rows: list[RunRow], jira_url_template: str | None) -> "RunsView":
        """Inside another page, which asks again and turns the pages itself."""
        return cls(rows, None, None, active=False, own_url="/runs", jira_url_template=jira_url_template)

    @property
    def tally(self) -> RunTallyView | None:
        """What stands above the rows; nothing inside another page."""
        return None

    @property
    def problems(self) -> list[FieldError]:
        """What is wrong with the filters, and not said elsewhere on the page."""
        return []

    def jira_url(self, issue: str) -> str | None:
        """The address of an issue; none where the settings do not say how it is made."""
        return jira_url(self.jira_url_template, issue)


@dataclass(frozen=True)
class RunStreamView(RunsView):
    """The stream of all runs, with its filters."""

    form: Form = field(default_factory=Form)
    projects: list[Project] = field(default_factory=list)
    batch: Batch | None = None
    """The one that the list is narrowed to."""
    without_batch_url: str = "/runs"
    counted: RunTallyView | None = None

    @property
    def tally(self) -> RunTallyView | None:
        return self.counted

    @property
    def problems(self) -> list[FieldError]:
        return self.form.unshown()


@dataclass(frozen=True)
class RendererPart:
    """One part of what made the pictures, such as the version of the browser."""

    what: str
    observed: str
    baseline: str | None
    """None where nothing was compared with a baseline."""

    @property
    def differs(self) -> bool:
        return self.baseline not in (None, self.observed)

    @classmethod
    def all_of(cls, observed: Renderer, baseline: Renderer | None) -> "list[RendererPart]":
        was = baseline.fields if baseline else {}
        return [cls(what, now, was.get(what)) for what, now in observed.fields.items()]


@dataclass(frozen=True)
class ExecutionView:
    run: RunRow
    detail: ExecutionDetail
    viewer: ViewerView
    evidence: EvidenceView
    superseded_by: Run | None = None
    """A newer run of the same batch, line and labels, where there is something to decide."""

    @property
    def active(self) -> bool:
        return not self.detail.execution.status.ended

    @property
    def renderer(self) -> list[RendererPart]:
        """Of the pictures, beside the baseline's; of several targets, one whose baseline another one captured."""
        shots = sorted(
            (shot for shot in self.detail.screenshots if shot.renderer), key=lambda shot: not _other_renderer(shot)
        )
        if not shots or shots[0].renderer is None:
            return []
        compared = shots[0].newest(ComparisonKind.BASELINE)
        return RendererPart.all_of(shots[0].renderer, compared.against_renderer if compared else None)


@dataclass(frozen=True)
class RunViewerView:
    """The pictures of a run."""

    row: RunRow
    viewer: ViewerView
    differing: bool
    """Whether only what differs, or has no baseline, is shown."""
    review: ReviewPanel | None = None
    """Where there is something to decide, or was."""


def _other_renderer(screenshot: Screenshot) -> bool:
    return any(comparison.renderer_differs for comparison in screenshot.comparisons)
