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
    def going(self) -> str:
        """What goes, as the subject of a sentence with its verb."""
        verb = "goes" if self.plan.runs + self.plan.baselines == 1 else "go"
        return f"{_several(self.plan.runs, self.plan.baselines)} {verb}"

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
    verb = "were" if done.runs + done.baselines > 1 else "was"
    return saved(f"{_several(done.runs, done.baselines)} {verb} deleted{stayed}.")


def _several(runs: int, baselines: int) -> str:
    """``2 runs``, ``1 run and 3 baselines``; ``Nothing`` when there is neither."""
    told = [count(number, noun) for number, noun in ((runs, "run"), (baselines, "baseline")) if number]
    return " and ".join(told) or "Nothing"
