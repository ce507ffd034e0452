"""The dialog that deletes a run."""

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.runs import Run
from scene.errors import Conflict
from scene.web.answers import saved
from scene.web.editing import DeleteView
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@router.get("/runs/{run_id}/delete")
def ask(run_id: str, services: ServicesDep) -> Response:
    return _ask(services, services.runs.get(run_id))


@router.post("/runs/{run_id}/delete")
def delete(run_id: str, services: ServicesDep, by: ActorDep) -> Response:
    run = services.runs.get(run_id)
    try:
        services.runs.delete(run_id, by)
    except Conflict as error:
        return _ask(services, run, error.message)
    return saved(f"The run of {run.batch_name} was deleted.", "/runs")


def _ask(services: Services, run: Run, problem: str = "") -> Response:
    belongings = services.belonging.of_run(run.id)
    kept = f" Its {belongings.told('baselines')} stays, with all of its pictures." if belongings.baselines else ""
    along = (
        f"Deleted with it: {belongings.told('executions')} and the decisions on them, with every picture, trace and "
        f"log that nothing else shows.{kept}"
    )
    name = f"the run of {run.batch_name} of {run.created_at:%Y-%m-%d %H:%M} UTC"
    view = DeleteView("Delete run", name, f"/runs/{run.id}/delete", along, problem)
    return render_fragment("forms/delete.html", view, 422 if problem else 200)
