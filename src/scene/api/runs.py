"""Runs over REST."""

from fastapi import APIRouter

from scene.api.deps import ActorDep, BatchFilter, ProjectFilter, ServicesDep, SliceDep
from scene.api.examples import RunBody
from scene.api.schemas import ExecutionOut, ListOf, RunOut

router = APIRouter(prefix="/api/runs", tags=["runs"])


@router.post("", status_code=201, summary="Start a run of a batch")
def create_run(draft: RunBody, services: ServicesDep, by: ActorDep) -> RunOut:
    return RunOut.of(services.runs.create(draft, by))


@router.get("", summary="Runs, newest first")
def list_runs(
    services: ServicesDep, request: SliceDep, project: ProjectFilter = None, batch: BatchFilter = None
) -> ListOf[RunOut]:
    found = services.runs.newest(project, batch, request)
    return ListOf(items=[RunOut.of(run) for run in found.items], next_cursor=found.next_cursor)


@router.get("/{run_id}", summary="One run, with its counts")
def get_run(run_id: str, services: ServicesDep) -> RunOut:
    return RunOut.of(services.runs.get(run_id))


@router.get("/{run_id}/executions", summary="The executions of a run, in the order in which they start")
def list_executions(run_id: str, services: ServicesDep, request: SliceDep) -> ListOf[ExecutionOut]:
    found = services.history.executions(run_id, request)
    return ListOf(items=[ExecutionOut.of(execution) for execution in found.items], next_cursor=found.next_cursor)
