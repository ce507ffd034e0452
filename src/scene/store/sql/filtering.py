"""Filters of lists as conditions. What is not set is not asked, so that a plain list stays a walk along its index."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from scene.domain.filters import AuditFilter, ExecutionFilter, RunFilter, ScreenshotFilter
from scene.store.sql.schema import audit, executions, runs, screenshots


def matching_runs(only: RunFilter) -> list[sa.ColumnElement[bool]]:
    equal = ("project_id", "batch_id", "purpose", "jira_issue", "requested_by", "line")
    conditions = _equal(runs, {name: getattr(only, name) for name in equal})
    conditions += _one_of(runs, only.statuses, only.verdicts)
    if only.created_after is not None:
        conditions.append(runs.c.created_at >= only.created_after)
    if only.created_before is not None:
        conditions.append(runs.c.created_at < only.created_before)
    if only.text is not None:
        conditions.append(runs.c.search_text.contains(searchable(only.text), autoescape=True))
    return conditions


def matching_executions(only: ExecutionFilter) -> list[sa.ColumnElement[bool]]:
    conditions = _equal(executions, {"task_id": only.task_id, "browser": only.browser, "quarantined": only.quarantined})
    if only.reviews:
        of_execution = screenshots.c.execution_id == executions.c.id
        conditions.append(sa.exists().where(of_execution, screenshots.c.review.in_(only.reviews)))
    return conditions + _one_of(executions, only.statuses, only.verdicts)


def matching_screenshots(only: ScreenshotFilter) -> list[sa.ColumnElement[bool]]:
    equal = _equal(screenshots, {"change_fingerprint": only.change_fingerprint})
    narrowed = (("verdict", only.verdicts), ("review", only.reviews))
    return equal + [screenshots.c[name].in_(values) for name, values in narrowed if values]


def matching_entries(only: AuditFilter) -> list[sa.ColumnElement[bool]]:
    conditions = _equal(audit, {"actor_id": only.actor})
    if only.action is not None:
        part = audit.c.action.startswith(f"{only.action}.", autoescape=True)
        conditions.append(audit.c.action == only.action if "." in only.action else part)
    if only.target is not None:
        # A target has no character that JSON writes in another way.
        written = sa.cast(audit.c.targets, sa.Text)
        conditions.append(written.contains(f'"{only.target}"', autoescape=True))
    if only.occurred_after is not None:
        conditions.append(audit.c.occurred_at >= only.occurred_after)
    if only.occurred_before is not None:
        conditions.append(audit.c.occurred_at < only.occurred_before)
    return conditions


def searchable(*texts: str) -> str:
    """One text in which case does not matter. SQLite's own LIKE and lower() know that of ASCII alone."""
    return "\n".join(texts).casefold()


def _equal(table: sa.Table, wanted: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]


def _one_of(table: sa.Table, statuses: list[Any], verdicts: list[Any]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name].in_(values) for name, values in (("status", statuses), ("verdict", verdicts)) if values]
