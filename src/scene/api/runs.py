"""Runs over REST."""

from fastapi import APIRouter

from scene.api.deps import ActorDep, BatchFilter, ProjectFilter, ServicesDep, SliceDep
from scene.api.examples import RunBody
from scene.api.schemas import ListOf
from scene.domain.runs import Execution, Run

router = APIRouter(prefix="/api/runs", tags=["runs"])


@router.post("", status_code=201, summary="Start a run of a batch")
def create_run(draft: RunBody, services: ServicesDep, by: ActorDep) -> Run:
    return services.runs.create(draft, by)


@router.get("", summary="Runs, newest first")
def list_runs(
    services: ServicesDep, request: SliceDep, project: ProjectFilter = None, batch: BatchFilter = None
) -> ListOf[Run]:
    return ListOf.of(services.runs.newest(project, batch, request))


@router.get("/{run_id}", summary="One run, with its counts")
def get_run(run_id: str, services: ServicesDep) -> Run:
    return services.runs.get(run_id)


@router.get("/{run_id}/executions", summary="The executions of a run, in the order in which they start")
def list_executions(run_id: str, services: ServicesDep, request: SliceDep) -> ListOf[Execution]:
    return ListOf.of(services.history.executions(run_id, request))
