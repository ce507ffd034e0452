"""The pictures of a whole run, one after the other: those that changed first."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.filters import EVERY_EXECUTION, ExecutionFilter
from scene.domain.runs import Execution, Run
from scene.domain.status import Purpose, Verdict
from scene.errors import NotFound
from scene.store.values import SliceRequest
from scene.web.baseline_reasons import Whys
from scene.web.render import render_page
from scene.web.review_views import panel_of
from scene.web.viewer_models import Viewed, ViewerView
from scene.web.viewmodels import RunRow, RunViewerView

router = APIRouter(include_in_schema=False)

_EXECUTIONS = 50
"""On one page: the next ones are one step beyond the last picture."""
_DIFFERING = ExecutionFilter(verdicts=[Verdict.CHANGED, Verdict.NO_BASELINE])
_ORDER = {Verdict.CHANGED: 0, Verdict.MISSING: 1, Verdict.NO_BASELINE: 2, Verdict.UNCHANGED: 3, None: 4}


@router.get("/runs/{run_id}/viewer")
def show_viewer(
    run_id: str,
    services: ServicesDep,
    show: Literal["differing", "all"] | None = None,
    execution: str | None = None,
    cursor: str | None = None,
    first: Annotated[int, Query(ge=1)] = 1,
) -> HTMLResponse:
    """show: which executions (those that differ, where there are any); execution: the one that is looked at.

    first: the number of the first picture that the cursor leads to, among all of them.
    """
    run = services.runs.get(run_id)
    differ = run.summary.changed + run.summary.no_baseline > 0
    differing = show == "differing" or (show is None and differ)
    only = _DIFFERING if differing else EVERY_EXECUTION
    found = services.history.changed_first(run_id, SliceRequest(limit=_EXECUTIONS, cursor=cursor), only)
    executions = [*_asked_for(services, run, execution, found.items), *found.items]
    pictures = _pictures(services, run, executions)
    chosen = {"show": show} if show else {}
    further = {**chosen, "cursor": found.next_cursor, "first": first + len(pictures)}
    own = f"/runs/{run_id}/viewer"
    view = RunViewerView(
        row=RunRow(run, services.projects.get(run.project_id).name),
        differing=differing,
        review=panel_of(services, run_id) if run.status.ended and run.reviews.total else None,
        viewer=ViewerView(
            pictures=pictures,
            first=first,
            previous_url=f"{own}?{urlencode(chosen)}" if cursor else None,
            next_url=f"{own}?{urlencode(further)}" if found.next_cursor else None,
            run_id=run_id,
            of_run=True,
        ),
    )
    return render_page("viewer/page.html", view)


@router.post("/runs/{run_id}/viewer/compare")
def compare_again(run_id: str, services: ServicesDep, by: ActorDep) -> Response:
    """The page loads again, at the same picture: its address says which."""
    services.comparing_again.compare(run_id, by)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def _asked_for(services: Services, run: Run, execution_id: str | None, there: list[Execution]) -> list[Execution]:
    """The execution that the address names, where it is of this run and not on this page anyway."""
    if execution_id is None or any(each.id == execution_id for each in there):
        return []
    try:
        execution = services.history.execution(execution_id).execution
    except NotFound:
        return []
    return [execution] if execution.run_id == run.id else []


def _pictures(services: Services, run: Run, executions: list[Execution]) -> list[Viewed]:
    shots = services.history.screenshots([execution.id for execution in executions])
    recorded = run.purpose is Purpose.BASELINE_RECORDING
    whys = Whys(services, run, (shot for found in shots.values() for shot in found))
    pictures = [
        Viewed(execution, shot, recorded, whys.of(shot)) for execution in executions for shot in shots[execution.id]
    ]
    return sorted(pictures, key=lambda each: _ORDER[each.shot.verdict])
