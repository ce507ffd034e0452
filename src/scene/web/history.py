"""The history of a task and of a batch over their newest comparisons."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.bootstrap import Services
from scene.domain.trends import TaskSteadiness
from scene.errors import NotFound
from scene.web.history_views import Flaky, HistoryView
from scene.web.render import render

router = APIRouter(include_in_schema=False)

_TASKS = 25
"""How many of a batch are listed."""


@router.get("/tasks/{task_id}/history")
def show_task(task_id: str, request: Request, services: ServicesDep) -> HTMLResponse:
    task = services.tasks.get(task_id)
    project = services.projects.get(task.project_id)
    return render(request, "history", "history", HistoryView.of_task(project, task, services.trends.of_task(task_id)))


@router.get("/batches/{batch_id}/history")
def show_batch(batch_id: str, request: Request, services: ServicesDep) -> HTMLResponse:
    batch = services.batches.get(batch_id)
    trend = services.trends.of_batch(batch_id)
    flaky = [_flaky(services, task) for task in trend.tasks[:_TASKS]]
    view = HistoryView.of_batch(services.projects.get(batch.project_id), batch, trend, flaky)
    return render(request, "history", "history", view)


def _flaky(services: Services, found: TaskSteadiness) -> Flaky:
    """As the task is called now, or was called before it was deleted."""
    try:
        name, url = services.tasks.get(found.task_id).name, f"/tasks/{found.task_id}/history"
    except NotFound:
        return Flaky(found.task_name, None, found.steadiness, None)
    return Flaky(name, url, found.steadiness, None)
