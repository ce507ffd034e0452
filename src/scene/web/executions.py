"""One execution: what was captured, what it was compared with, and how it went."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.web.evidence_views import EvidenceView
from scene.web.render import render
from scene.web.traces import TraceViewerDep
from scene.web.viewmodels import ExecutionView, RunRow

router = APIRouter(include_in_schema=False)


@router.get("/executions/{execution_id}")
def show_execution(execution_id: str, request: Request, services: ServicesDep, viewer: TraceViewerDep) -> HTMLResponse:
    detail = services.history.execution(execution_id)
    run = services.runs.get(detail.execution.run_id)
    previous, following = services.history.neighbours(detail.execution)
    view = ExecutionView(
        run=RunRow(run, services.projects.get(run.project_id).name),
        detail=detail,
        previous_url=f"/executions/{previous}" if previous else None,
        next_url=f"/executions/{following}" if following else None,
        evidence=EvidenceView.of(detail, viewer.obstacle(request)),
    )
    return render(request, "execution", "detail", view)
