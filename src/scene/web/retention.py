"""The dialog that shows what a project's retention would let go, and lets it go."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.domain.amounts import count
from scene.domain.catalog import Project
from scene.domain.retention import RetentionPlan
from scene.errors import Conflict
from scene.web.answers import refused, saved
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RetentionView:
    project: Project
    plan: RetentionPlan

    @property
    def more(self) -> int:
        """That go and are not listed."""
        return self.plan.runs + self.plan.baselines - len(self.plan.going)


@router.get("/projects/{project_id}/retention")
def show_retention(project_id: str, services: ServicesDep) -> Response:
    view = RetentionView(services.projects.get(project_id), services.retention.preview(project_id))
    return render_fragment("retention/dialog.html", view)


@router.post("/projects/{project_id}/retention")
def apply_retention(project_id: str, services: ServicesDep, by: ActorDep) -> Response:
    try:
        done = services.retention.apply(project_id, by)
    except Conflict as error:
        return refused(error.message)
    stayed = f"; {done.stayed} are needed after all" if done.stayed else ""
    return saved(f"{count(done.runs, 'run')} and {count(done.baselines, 'baseline')} were deleted{stayed}.")
