"""One execution: what was captured, what it was compared with, and how it went."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.domain.status import Purpose
from scene.web.baseline_reasons import Whys
from scene.web.evidence_views import EvidenceView
from scene.web.render import render
from scene.web.traces import TraceViewerDep
from scene.web.viewer_models import Viewed, ViewerView, picture_urls
from scene.web.viewmodels import ExecutionView, RunRow

router = APIRouter(include_in_schema=False)


@router.get("/executions/{execution_id}")
def show_execution(execution_id: str, request: Request, services: ServicesDep, traces: TraceViewerDep) -> HTMLResponse:
    detail = services.history.execution(execution_id)
    run = services.runs.get(detail.execution.run_id)
    previous, following = services.history.neighbours(detail.execution)
    beside = services.history.screenshots([each for each in (following, previous) if each])
    recorded = run.purpose is Purpose.BASELINE_RECORDING
    whys = Whys(services, run, detail.screenshots)
    to_decide = run.status.ended and any(shot.review for shot in detail.screenshots)
    view = ExecutionView(
        run=RunRow(run, services.projects.get(run.project_id).name),
        detail=detail,
        viewer=ViewerView(
            pictures=[Viewed(detail.execution, shot, recorded, whys.of(shot)) for shot in detail.screenshots],
            run_id=run.id,
            previous_url=f"/executions/{previous}" if previous else None,
            next_url=f"/executions/{following}" if following else None,
            preloaded=picture_urls(shot for shots in beside.values() for shot in shots),
        ),
        evidence=EvidenceView.of(detail, traces.obstacle(request)),
        superseded_by=services.reviews.superseded_by(run.id) if to_decide else None,
    )
    return render(request, "execution", "detail", view)
