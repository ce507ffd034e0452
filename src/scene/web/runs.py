"""The stream of runs."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from scene.api.deps import ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Batch
from scene.domain.runs import Run
from scene.errors import NotFound
from scene.store.values import MAX_SLICE, Slice, SliceRequest
from scene.web.render import is_fragment, render
from scene.web.run_filters import RunFilters
from scene.web.run_tally import RunTallyView
from scene.web.viewmodels import RunRow, RunStreamView

router = APIRouter(include_in_schema=False)

_RUNS = 50


@router.get("/")
def home() -> RedirectResponse:
    return RedirectResponse("/runs")


@router.get("/runs")
def show_runs(request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    filters = RunFilters(request)
    found: Slice[Run] = Slice(items=[], next_cursor=None)
    if filters.only is not None:
        found = services.runs.newest(filters.only, SliceRequest(limit=_RUNS, cursor=cursor))
    names = {
        project_id: services.projects.get(project_id).name for project_id in {run.project_id for run in found.items}
    }
    view = RunStreamView(
        rows=[RunRow(run, names[run.project_id]) for run in found.items],
        older_url=filters.url(found.next_cursor) if found.next_cursor else None,
        newest_url=filters.url() if cursor else None,
        active=any(not run.status.ended for run in found.items),
        own_url=filters.url(cursor),
        jira_url_template=services.configuration.get().jira_url_template,
        filtered=filters.any,
        form=filters.form,
        projects=sorted(services.projects.newest(SliceRequest(limit=MAX_SLICE)).items, key=lambda each: each.name),
        batch=_batch(services, filters.given["batch"]) if "batch" in filters.given else None,
        without_batch_url=filters.without("batch"),
        counted=RunTallyView.of(services.runs, filters),
    )
    response = render(request, "runs", "list", view)
    if is_fragment(request) and request.headers.get("HX-Trigger") == "run-filters":
        response.headers["HX-Push-Url"] = filters.url(cursor)  # without the fields that were left empty
    return response


def _batch(services: Services, batch_id: str | None) -> Batch | None:
    """None when it was deleted since, or never was."""
    if batch_id is None:
        return None
    try:
        return services.batches.get(batch_id)
    except NotFound:
        return None
