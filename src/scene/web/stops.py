"""The dialogs that stop a run or an execution."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.domain.stopping import StopMode
from scene.errors import Invalid
from scene.web.answers import refused, saved
from scene.web.forms import FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class StopView:
    noun: str
    name: str
    action: str
    ended: bool


@router.get("/runs/{run_id}/stop")
def ask_run(run_id: str, services: ServicesDep) -> Response:
    run = services.runs.get(run_id)
    return render_fragment("forms/stop.html", StopView("run", run.batch_name, f"/runs/{run.id}/stop", run.status.ended))


@router.post("/runs/{run_id}/stop")
def stop_run(run_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    stopped = services.stopping.run(run_id, _mode(sent), by)
    return saved(stopped.message, f"/runs/{run_id}") if stopped.stop.changed else refused(stopped.message)


@router.get("/executions/{execution_id}/stop")
def ask_execution(execution_id: str, services: ServicesDep) -> Response:
    execution = services.history.execution(execution_id).execution
    view = StopView("execution", execution.task_name, f"/executions/{execution.id}/stop", execution.status.ended)
    return render_fragment("forms/stop.html", view)


@router.post("/executions/{execution_id}/stop")
def stop_execution(execution_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    stopped = services.stopping.execution(execution_id, _mode(sent), by)
    return saved(stopped.message, f"/executions/{execution_id}") if stopped.stop.changed else refused(stopped.message)


def _mode(sent: dict[str, object]) -> StopMode:
    try:
        return StopMode(str(sent.get("mode")))
    except ValueError:
        raise Invalid.field("mode", "must be soft or hard") from None
