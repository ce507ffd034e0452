"""What the newest runs come to."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.filters import RunFilter
from scene.domain.progress import IssueTally, RunTally
from scene.domain.status import ACTIVE, Purpose, Status, Verdict
from scene.store.sql.database import Transaction
from scene.store.sql.filtering import matching_runs
from scene.store.sql.schema import runs


def tally(transaction: Transaction, only: RunFilter, newest: int) -> RunTally:
    """Of so many of the newest runs, however long the history is."""
    columns = (runs.c.status, runs.c.verdict, runs.c.jira_issue)
    matching = sa.select(runs.c.id, *columns).where(runs.c.purpose != Purpose.DRY_RUN, *matching_runs(only))
    looked_at = matching.order_by(runs.c.id.desc()).limit(newest).subquery()
    kinds = (looked_at.c.status, looked_at.c.verdict, looked_at.c.jira_issue)
    latest = sa.func.max(looked_at.c.id)
    query = sa.select(*kinds, sa.func.count().label("count")).group_by(*kinds).order_by(latest.desc())
    rows = transaction.all(query)
    issues = dict.fromkeys(row["jira_issue"] for row in rows if row["jira_issue"] is not None)
    counts = _counts(rows)
    return RunTally(
        **counts,
        capped=counts["runs"] == newest,
        issues=[
            IssueTally(jira_issue=issue, **_counts(row for row in rows if row["jira_issue"] == issue))
            for issue in issues
        ],
    )


def _counts(rows: Iterable[RowMapping]) -> dict[str, int]:
    counts = {"runs": 0, "active": 0, "failed": 0, "changed": 0}
    for row in rows:
        counts["runs"] += row["count"]
        counts["active"] += row["count"] if row["status"] in ACTIVE else 0
        counts["failed"] += row["count"] if row["status"] == Status.FAILED else 0
        counts["changed"] += row["count"] if row["verdict"] == Verdict.CHANGED else 0
    return counts
