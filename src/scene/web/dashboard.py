"""One run: its progress, its executions as tiles, its log. While it is active, only what changed is sent again."""

import json
from itertools import takewhile

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.runs import Execution, Run
from scene.store.values import Slice, SliceRequest
from scene.web.dashboard_address import DashboardAddress
from scene.web.dashboard_views import ChangesView, DashboardView, Seen, Tile
from scene.web.render import render, render_fragment
from scene.web.review_views import panel_of
from scene.web.viewmodels import RunRow

router = APIRouter(include_in_schema=False)

_TILES = 60
_LOG_LINES = 100


@router.get("/runs/{run_id}")
def show_run(run_id: str, request: Request, services: ServicesDep) -> HTMLResponse:
    run = services.runs.get(run_id)
    return render(request, "run", "dashboard", _view(services, run, DashboardAddress.of(run, request.query_params)))


@router.get("/runs/{run_id}/changes")
def show_changes(run_id: str, request: Request, services: ServicesDep) -> Response:
    """What a dashboard does not show yet: nothing at all, parts of it, or all of it once the run has ended."""
    run = services.runs.get(run_id)
    address = DashboardAddress.of(run, request.query_params)
    if run.status.ended:
        whole = {"HX-Retarget": "#run", "HX-Reswap": "outerHTML"}
        return render_fragment("run/_dashboard.html", _view(services, run, address, log_open=True), headers=whole)
    seen = Seen.of(request.query_params)
    found = _executions(services, address)
    log = services.history.log(run_id, _LOG_LINES)
    now = Seen.now(run, found, log)
    if now == seen:
        return Response(status_code=204)
    other_list = now.listed != seen.listed
    fresh = [
        execution for index, execution in enumerate(found.items) if other_list or now.state(index) != seen.state(index)
    ]
    view = ChangesView(
        dashboard=DashboardView(_row(services, run), address, _tiles(services, fresh), log, found.next_cursor, now),
        has_new_counts=now.counts != seen.counts,
        listed_before=seen.listed if other_list else None,
        new_lines=list(takewhile(lambda event: event.key != seen.line, log)),
    )
    return render_fragment("run/_changes.html", view)


@router.post("/runs/{run_id}/compare")
def compare_again(run_id: str, request: Request, services: ServicesDep, by: ActorDep) -> HTMLResponse:
    run = services.comparing_again.compare(run_id, by)
    response = show_run(run_id, request, services)
    told = f"Compared again: {run.summary.changed} changed, {run.summary.unchanged} unchanged."
    response.headers["HX-Trigger"] = json.dumps({"scene:toast": {"message": told, "level": "success"}})
    return response


def _view(services: Services, run: Run, address: DashboardAddress, *, log_open: bool = False) -> DashboardView:
    """log_open: someone has watched it until now."""
    found = _executions(services, address)
    log = services.history.log(run.id, _LOG_LINES)
    seen = Seen.now(run, found, log)
    jira_url_template = services.configuration.get().jira_url_template
    tiles = _tiles(services, found.items)
    return DashboardView(
        _row(services, run),
        address,
        tiles,
        log,
        found.next_cursor,
        seen,
        jira_url_template,
        log_open=log_open or not run.status.ended,
        review=panel_of(services, run.id) if run.status.ended and run.reviews.total else None,
    )


def _executions(services: Services, address: DashboardAddress) -> Slice[Execution]:
    request = SliceRequest(limit=_TILES, cursor=address.cursor)
    listed = services.history.executions if address.order == "start" else services.history.changed_first
    return listed(address.run_id, request, address.only)


def _tiles(services: Services, executions: list[Execution]) -> list[Tile]:
    screenshots = services.history.screenshots([execution.id for execution in executions])
    return [Tile(execution, screenshots[execution.id]) for execution in executions]


def _row(services: Services, run: Run) -> RunRow:
    return RunRow(run, services.projects.get(run.project_id).name)
