"""What the address of a run's dashboard asks for: which executions, in which order, from where on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal
from urllib.parse import urlencode

from pydantic import ValidationError

from scene.domain.filters import ExecutionFilter
from scene.domain.runs import Run
from scene.domain.status import Purpose, Status, Verdict
from scene.services.editing import invalid


class Show(StrEnum):
    """Which executions of a run are listed."""

    ALL = "all"
    QUEUED = "queued"
    EXECUTING = "executing"
    CHANGED = "changed"
    FAILED = "failed"
    NO_BASELINE = "no_baseline"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"


Order = Literal["start", "changed"]

_NARROWED: dict[Show, dict[str, object]] = {
    Show.ALL: {},
    Show.QUEUED: {"statuses": [Status.QUEUED]},
    Show.EXECUTING: {"statuses": [Status.EXECUTING]},
    Show.FAILED: {"statuses": [Status.FAILED], "quarantined": False},
    Show.CHANGED: {"verdicts": [Verdict.CHANGED], "quarantined": False},
    Show.NO_BASELINE: {"verdicts": [Verdict.NO_BASELINE], "quarantined": False},
    Show.UNCHANGED: {"verdicts": [Verdict.UNCHANGED], "quarantined": False},
    Show.QUARANTINED: {"quarantined": True},
}


@dataclass(frozen=True)
class DashboardAddress:
    """An address names what it asks for only where it is not what a run shows by itself."""

    run_id: str
    default: Show
    default_order: Order
    show: Show
    order: Order
    task: str | None = None
    cursor: str | None = None

    @classmethod
    def of(cls, run: Run, query: Mapping[str, str]) -> "DashboardAddress":
        """While a run is active, nothing changes its place. Raises Invalid for a filter that there is not."""
        default, order = _default(run), _default_order(run)
        shown, ordered = query.get("show") or default, query.get("order") or order
        return cls(
            run_id=run.id,
            default=default,
            default_order=order,
            show=Show(shown) if shown in list(Show) else default,
            order="start" if ordered == "start" else "changed",
            task=query.get("task") or None,
            cursor=query.get("cursor") or None,
        )

    @property
    def only(self) -> ExecutionFilter:
        """Raises Invalid."""
        try:
            return ExecutionFilter.model_validate({**_NARROWED[self.show], "task_id": self.task})
        except ValidationError as error:
            raise invalid(error) from None

    def showing(self, show: Show) -> "DashboardAddress":
        return replace(self, show=show, order=self.default_order, cursor=None)

    def of_task(self, task: str | None) -> "DashboardAddress":
        return replace(self, task=task, order=self.default_order, cursor=None)

    def at(self, cursor: str | None) -> "DashboardAddress":
        return replace(self, cursor=cursor)

    @property
    def query(self) -> dict[str, str]:
        # A cursor is of one list in one order, and stays that when the run ends.
        named = {"show": self.show, "order": self.order} if self.cursor else {}
        if self.show is not self.default:
            named["show"] = self.show
        given = {"task": self.task, "cursor": self.cursor}
        return {**{name: str(value) for name, value in named.items()}, **{k: v for k, v in given.items() if v}}

    @property
    def url(self) -> str:
        query = self.query
        return f"/runs/{self.run_id}?{urlencode(query)}" if query else f"/runs/{self.run_id}"

    def changes_url(self, seen: Mapping[str, str]) -> str:
        """Where to ask what changed since."""
        return f"/runs/{self.run_id}/changes?{urlencode({**self.query, **seen})}"


def _default(run: Run) -> Show:
    """Of an ended comparison, what changed; else what failed; all of a recording, and while it goes on."""
    if not run.status.ended or run.purpose is not Purpose.COMPARISON:
        return Show.ALL
    if run.verdict is Verdict.CHANGED:
        return Show.CHANGED
    return Show.FAILED if run.summary.failed else Show.ALL


def _default_order(run: Run) -> Order:
    return "changed" if run.status.ended else "start"
