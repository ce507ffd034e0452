"""The list of runs, and one run with its pictures."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from scene.api.deps import ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Batch
from scene.domain.filters import EVERY_RUN
from scene.errors import NotFound
from scene.store.base import SliceRequest
from scene.web.render import render
from scene.web.viewmodels import RunRow, RunsView, RunView

router = APIRouter(include_in_schema=False)

_RUNS = 50
_TILES = 60


@router.get("/")
def home() -> RedirectResponse:
    return RedirectResponse("/runs")


@router.get("/runs")
def show_runs(request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    found = services.runs.newest(EVERY_RUN, SliceRequest(limit=_RUNS, cursor=cursor))
    projects = {project_id: services.projects.get(project_id) for project_id in {run.project_id for run in found.items}}
    return render(request, "runs", "list", RunsView.of(found, projects, cursor))


@router.get("/runs/{run_id}")
def show_run(run_id: str, request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    run = services.runs.get(run_id)
    row = RunRow(run, services.projects.get(run.project_id).name)
    found = services.history.executions(run_id, SliceRequest(limit=_TILES, cursor=cursor))
    screenshots = services.history.screenshots([execution.id for execution in found.items])
    view = RunView.of(row, _batch(services, run.batch_id), found, screenshots, cursor)
    return render(request, "run", "dashboard", view)


def _batch(services: Services, batch_id: str | None) -> Batch | None:
    """None when it was deleted since, or never was."""
    if batch_id is None:
        return None
    try:
        return services.batches.get(batch_id)
    except NotFound:
        return None
