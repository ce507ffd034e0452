"""The dialog that carries out executions of an ended run again."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.domain.runs import Rerun, Run, RunDraft
from scene.domain.status import Purpose
from scene.errors import Conflict, Invalid
from scene.services.editing import draft_of
from scene.web.answers import saved
from scene.web.forms import FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class RerunView:
    run: Run
    problem: str = ""

    @property
    def choices(self) -> list[tuple[Rerun, str, int]]:
        """What can be carried out again: the value, its words, and how many executions they are; some at least."""
        failed = self.run.summary.failed
        changed = self.run.summary.changed if self.run.purpose is Purpose.COMPARISON else 0
        offered = [
            (Rerun.FAILED, "What failed", failed),
            (Rerun.CHANGED, "What changed", changed),
            (Rerun.FAILED_AND_CHANGED, "What failed and what changed", failed + changed if failed and changed else 0),
        ]
        return [each for each in offered if each[2]]


@router.get("/runs/{run_id}/rerun")
def ask(run_id: str, services: ServicesDep) -> Response:
    return render_fragment("forms/rerun.html", RerunView(services.runs.get(run_id)))


@router.post("/runs/{run_id}/rerun")
def rerun(run_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    run = services.runs.get(run_id)
    asked = {"batch_id": run.batch_id, "purpose": run.purpose, "rerun_of": run.id, "rerun": sent.get("rerun")}
    try:
        again = services.runs.create(draft_of(RunDraft, asked), by)
    except (Invalid, Conflict) as error:
        return render_fragment("forms/rerun.html", RerunView(run, error.message), 422)
    return saved(f"The re-run of {again.batch_name} was started.", again.url)
