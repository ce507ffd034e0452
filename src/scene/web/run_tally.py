"""What stands above the stream of runs: how many are where, each a link that narrows the stream to them."""

from dataclasses import dataclass

from scene.domain.progress import Tally
from scene.services.runs import Runs
from scene.web.run_filters import RunFilters

_ISSUES = 12


@dataclass(frozen=True)
class TallyLink:
    label: str
    number: int
    url: str
    """Where it is current: the stream without it."""
    current: bool
    state: str = "total"
    tally: Tally | None = None
    """Of an issue: how many of its runs are where."""


@dataclass(frozen=True)
class RunTallyView:
    states: list[TallyLink]
    issues: list[TallyLink]
    more_issues: int
    """How many issues are not shown."""
    newest: int | None
    """How many runs were looked at, where older ones were not."""

    @classmethod
    def of(cls, runs: Runs, filters: RunFilters) -> "RunTallyView | None":
        """None when there is no run, or a filter is wrong."""
        if filters.only is None:
            return None
        tally = runs.tally(filters.only)
        if not tally.runs:
            return None

        def link(label: str, number: int, name: str, value: str, state: str, of: Tally | None = None) -> TallyLink:
            current = filters.given.get(name) == value
            url = filters.having(**{name: None if current else value})
            return TallyLink(label, number, url, current, state, of)

        issues = [
            link(issue.jira_issue, issue.runs, "jira_issue", issue.jira_issue, "total", issue)
            for issue in tally.issues[:_ISSUES]
        ]
        return cls(
            states=[
                link("Active", tally.active, "status", "queued,executing", "executing"),
                link("Failed", tally.failed, "status", "failed", "failed"),
                link("Changed", tally.changed, "verdict", "changed", "changed"),
            ],
            issues=issues,
            more_issues=max(0, len(tally.issues) - _ISSUES),
            newest=tally.runs if tally.capped else None,
        )
