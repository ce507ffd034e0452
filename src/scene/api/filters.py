"""Filters of lists, as query parameters."""

from typing import Annotated

from fastapi import Depends, Query

from scene.api.deps import BatchFilter, ProjectFilter
from scene.domain.filters import (
    AuditFilter,
    EntryAction,
    EntryTarget,
    ExecutionFilter,
    Moment,
    RunFilter,
    ScreenshotFilter,
    Term,
)
from scene.domain.model import JiraIssue
from scene.domain.reviews import Decision
from scene.domain.runs import Id, Line
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Browser

StatusFilter = Annotated[list[Status], Query(alias="status", description="Only with one of these statuses.")]
ReviewFilter = Annotated[list[Decision], Query(alias="review", description="Only decided like one of these.")]
VerdictFilter = Annotated[list[Verdict], Query(alias="verdict", description="Only with one of these verdicts.")]


def _run_filter(
    project: ProjectFilter = None,
    batch: BatchFilter = None,
    purpose: Annotated[Purpose | None, Query(description="Only of this purpose.")] = None,
    statuses: StatusFilter = [],  # noqa: B006
    verdicts: VerdictFilter = [],  # noqa: B006
    jira_issue: Annotated[JiraIssue | None, Query(description="Only for this JIRA issue.")] = None,
    actor: Annotated[Term | None, Query(description="Only asked for by this person or program.")] = None,
    line: Annotated[Line | None, Query(description="Only of this line.")] = None,
    created_after: Annotated[Moment | None, Query(description="Only created then or later.")] = None,
    created_before: Annotated[Moment | None, Query(description="Only created earlier.")] = None,
    text: Annotated[Term | None, Query(description="Only with this in the note, batch name or a label.")] = None,
) -> RunFilter:
    return RunFilter(
        project_id=project,
        batch_id=batch,
        purpose=purpose,
        statuses=statuses,
        verdicts=verdicts,
        jira_issue=jira_issue,
        requested_by=actor,
        line=line,
        created_after=created_after,
        created_before=created_before,
        text=text,
    )


def _execution_filter(
    statuses: StatusFilter = [],  # noqa: B006
    verdicts: VerdictFilter = [],  # noqa: B006
    task: Annotated[Id | None, Query(description="Only of this task.")] = None,
    browser: Annotated[Browser | None, Query(description="Only in this browser.")] = None,
    reviews: ReviewFilter = [],  # noqa: B006
    quarantined: Annotated[bool | None, Query(description="Only what was in quarantine as a whole, or not.")] = None,
) -> ExecutionFilter:
    return ExecutionFilter(
        statuses=statuses,
        verdicts=verdicts,
        task_id=task,
        browser=browser,
        reviews=reviews,
        quarantined=quarantined,
    )


def _screenshot_filter(
    verdicts: VerdictFilter = [],  # noqa: B006
    change: Annotated[
        Term | None, Query(description="Only changed in this way: the change_fingerprint of a screenshot.")
    ] = None,
    reviews: ReviewFilter = [],  # noqa: B006
) -> ScreenshotFilter:
    return ScreenshotFilter(verdicts=verdicts, change_fingerprint=change, reviews=reviews)


def _audit_filter(
    actor: Annotated[Term | None, Query(description="Only by this person or program.")] = None,
    action: Annotated[
        EntryAction | None, Query(description="Only this, such as `run.created`, or `run` for all of runs.")
    ] = None,
    target: Annotated[EntryTarget | None, Query(description="Only about this, such as `run:` and its id.")] = None,
    after: Annotated[Moment | None, Query(description="Only then or later.")] = None,
    before: Annotated[Moment | None, Query(description="Only earlier.")] = None,
) -> AuditFilter:
    return AuditFilter(actor=actor, action=action, target=target, occurred_after=after, occurred_before=before)


AuditFilterDep = Annotated[AuditFilter, Depends(_audit_filter)]
ScreenshotFilterDep = Annotated[ScreenshotFilter, Depends(_screenshot_filter)]
RunFilterDep = Annotated[RunFilter, Depends(_run_filter)]
ExecutionFilterDep = Annotated[ExecutionFilter, Depends(_execution_filter)]
