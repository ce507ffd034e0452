"""The list of projects, one project with its tabs, and the forms of a project."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Project, ProjectDraft
from scene.domain.filters import RunFilter
from scene.domain.records import Actor
from scene.domain.webhooks import Webhook
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.baseline_views import BaselineRow
from scene.web.baselines import current_of
from scene.web.editing import Document, Noun, add_forms
from scene.web.forms import read_json, read_lines, without_defaults, write_lines
from scene.web.project_views import (
    BatchRow,
    ProjectRow,
    ProjectsView,
    ProjectView,
    QuarantineRow,
    ScheduleRow,
    TaskRow,
)
from scene.web.render import render
from scene.web.viewmodels import RunRow, RunsView, jira_url
from scene.web.webhook_views import WebhookRow

router = APIRouter(include_in_schema=False)

_ROWS = 50
_FIRST = SliceRequest(limit=1)


def _create(services: Services, _: str, draft: ProjectDraft, by: Actor) -> Project:
    return services.projects.create(draft, by)


def _read(document: Document) -> None:
    read_lines(document, "allowed_hosts", "denied_hosts")
    read_json(document, "capture", "dismissals")


def _write(document: Document) -> None:
    without_defaults(document, ProjectDraft, "capture", "dismissals")
    write_lines(document, "allowed_hosts", "denied_hosts")


def _goes_with_it(services: Services, project_id: str) -> str:
    owned = ("pages", "tasks", "batches", "schedules", "runs", "baselines", "quarantines", "webhooks", "auth_profiles")
    told = services.belonging.of_project(project_id).told(*owned)
    return f"Deleted with it: {told}, and every picture of theirs."


add_forms(
    router,
    Noun[Project](
        word="project",
        plural="projects",
        draft_type=ProjectDraft,
        service=lambda services: services.projects,
        create=_create,
        goes_with_it=_goes_with_it,
        fields=frozenset(ProjectDraft.model_fields),
        read=_read,
        write=_write,
        project_of=lambda project: project.id,
        after_create=lambda project: f"/projects/{project.id}",
        after_delete="/projects",
    ),
    created_below="/projects",
)


@router.get("/projects")
def show_projects(request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    found = services.projects.newest(SliceRequest(limit=_ROWS, cursor=cursor))
    rows = [
        ProjectRow(
            project,
            last_run=next(iter(services.runs.newest(RunFilter(project_id=project.id), _FIRST).items), None),
            last_baseline=next(iter(services.history.baselines(project.id, None, _FIRST).items), None),
        )
        for project in found.items
    ]
    return render(request, "projects", "list", ProjectsView.of(rows, found.next_cursor, cursor))


def _jira(services: Services) -> str | None:
    return services.configuration.get().jira_url_template


def _overview(services: Services, project: Project, _: SliceRequest) -> tuple[Any, str | None]:
    runs = services.runs.newest(RunFilter(project_id=project.id), SliceRequest(limit=5)).items
    return RunsView.short([RunRow(run, project.name) for run in runs], _jira(services)), None


def _pages(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.pages.newest(project.id, wanted)
    return found.items, found.next_cursor


def _tasks(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.tasks.newest(project.id, wanted)
    pages = {page_id: services.pages.get(page_id) for page_id in {task.page_id for task in found.items}}
    return [TaskRow(task, pages[task.page_id]) for task in found.items], found.next_cursor


def _batches(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.batches.newest(project.id, wanted)
    rows = [
        BatchRow(batch, next(iter(services.runs.newest(RunFilter(batch_id=batch.id), _FIRST).items), None))
        for batch in found.items
    ]
    return rows, found.next_cursor


def _schedules(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.schedules.newest(project.id, wanted)
    rows = [
        ScheduleRow(schedule, services.batches.get(schedule.batch_id), services.schedules.last_run(schedule))
        for schedule in found.items
    ]
    return rows, found.next_cursor


def _baselines(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.history.baselines(project.id, None, wanted)
    batches = {batch_id: services.batches.get(batch_id) for batch_id in {each.batch_id for each in found.items}}
    current = current_of(services, found.items)
    rows = [
        (BaselineRow.of(each, batches[each.batch_id], current), batches[each.batch_id].name) for each in found.items
    ]
    return rows, found.next_cursor


def _quarantines(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.quarantines.newest(project.id, None, wanted)
    now, template = datetime.now(UTC), _jira(services)
    rows = [
        QuarantineRow(each, (now - each.created_at).days, jira_url(template, each.jira_issue or ""))
        for each in found.items
    ]
    return rows, found.next_cursor


def _runs(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.runs.newest(RunFilter(project_id=project.id), wanted)
    return RunsView.short([RunRow(run, project.name) for run in found.items], _jira(services)), found.next_cursor


def _webhooks(services: Services, project: Project, wanted: SliceRequest) -> tuple[Any, str | None]:
    found = services.webhooks.newest(project.id, wanted)
    return [WebhookRow(webhook, project if webhook.project_id else None) for webhook in found.items], found.next_cursor


_TABS: dict[str, Callable[[Services, Project, SliceRequest], tuple[Any, str | None]]] = {
    "overview": _overview,
    "pages": _pages,
    "tasks": _tasks,
    "batches": _batches,
    "schedules": _schedules,
    "baselines": _baselines,
    "quarantines": _quarantines,
    "runs": _runs,
    "webhooks": _webhooks,
}


def _switched_off(services: Services, project: Project) -> list[Webhook]:
    """Of the newest hundred that hear of it; their own tab says it line by line."""
    found = services.webhooks.newest(project.id, SliceRequest(limit=MAX_SLICE)).items
    return [webhook for webhook in found if webhook.disabled_because]


def _show_tab(tab: str) -> Callable[..., HTMLResponse]:
    def show(project_id: str, request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
        project = services.projects.get(project_id)
        content, next_cursor = _TABS[tab](services, project, SliceRequest(limit=_ROWS, cursor=cursor))
        off = _switched_off(services, project) if tab != "webhooks" else []
        begun = tab not in ("overview", "runs") or content.rows
        belongings = None if begun else services.belonging.of_project(project.id)
        return render(
            request, "project", "project", ProjectView(project, tab, content, next_cursor, cursor, off, belongings)
        )

    return show


for _tab in _TABS:
    router.get(f"/projects/{{project_id}}/{_tab}")(_show_tab(_tab))
router.get("/projects/{project_id}")(_show_tab("overview"))
