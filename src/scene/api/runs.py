"""Runs over REST."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from scene.api.deps import ActorDep, ServicesDep, SliceDep
from scene.api.examples import RunBody, StopBody
from scene.api.filters import ExecutionFilterDep, RunFilterDep, ScreenshotFilterDep
from scene.api.schemas import ListOf, StartedRun, StoppedRunOut
from scene.domain.pictures import Screenshot
from scene.domain.runs import Execution, Run

router = APIRouter(prefix="/api/runs", tags=["runs"])


IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=255,
        pattern=r"^[!-~]+$",
        description="Sent again with the same body, the request makes no second run.",
    ),
]


@router.post(
    "",
    status_code=201,
    summary="Start a run of a batch",
    responses={200: {"model": StartedRun, "description": "The run that the same request made before"}},
)
def create_run(
    draft: RunBody,
    services: ServicesDep,
    by: ActorDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> StartedRun:
    run, is_new = services.runs.create_once(draft, by, idempotency_key)
    if not is_new:
        response.status_code = 200
    # The fields alone: what is computed from them is computed again.
    fields = {name: getattr(run, name) for name in Run.model_fields}
    return StartedRun(**fields, warnings=services.runs.warnings(run))


@router.get("", summary="Runs, newest first")
def list_runs(services: ServicesDep, request: SliceDep, only: RunFilterDep) -> ListOf[Run]:
    return ListOf.of(services.runs.newest(only, request))


@router.get("/{run_id}", summary="One run, with its counts")
def get_run(run_id: str, services: ServicesDep) -> Run:
    return services.runs.get(run_id)


@router.delete("/{run_id}", status_code=204, summary="Delete a run that has ended, with what it captured")
def delete_run(run_id: str, services: ServicesDep, by: ActorDep) -> None:
    services.runs.delete(run_id, by)


@router.post("/{run_id}/stop", summary="Stop a run: softly, or at once")
def stop_run(run_id: str, request: StopBody, services: ServicesDep, by: ActorDep) -> StoppedRunOut:
    stopped = services.stopping.run(run_id, request.mode, by)
    stop = stopped.stop
    return StoppedRunOut(
        run=stopped.run, changed=stop.changed, ended=stop.ended, asked=stop.asked, message=stopped.message
    )


@router.post("/{run_id}/compare", summary="Compare a run that has ended again, by the policies that its tasks have now")
def compare_again(run_id: str, services: ServicesDep, by: ActorDep) -> Run:
    return services.comparing_again.compare(run_id, by)


@router.get("/{run_id}/executions", summary="The executions of a run, in the order in which they start")
def list_executions(
    run_id: str, services: ServicesDep, request: SliceDep, only: ExecutionFilterDep
) -> ListOf[Execution]:
    return ListOf.of(services.history.executions(run_id, request, only))


@router.get("/{run_id}/screenshots", summary="What a run captured, such as everything that changed in the same way")
def list_screenshots(
    run_id: str, services: ServicesDep, request: SliceDep, only: ScreenshotFilterDep
) -> ListOf[Screenshot]:
    return ListOf.of(services.history.screenshots_of_run(run_id, request, only))
