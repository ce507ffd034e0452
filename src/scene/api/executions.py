"""Executions and their screenshots over REST."""

from fastapi import APIRouter

from scene.api.deps import ActorDep, ServicesDep
from scene.api.examples import StopBody
from scene.api.schemas import ExecutionDetailOut, StoppedExecutionOut
from scene.domain.pictures import Comparison, Screenshot

router = APIRouter(prefix="/api", tags=["executions"])


@router.get("/executions/{execution_id}", summary="One execution with its attempts, screenshots and files")
def get_execution(execution_id: str, services: ServicesDep) -> ExecutionDetailOut:
    detail = services.history.execution(execution_id)
    return ExecutionDetailOut(
        execution=detail.execution,
        configuration=detail.configuration,
        attempts=detail.attempts,
        screenshots=detail.screenshots,
        artifacts=detail.artifacts,
    )


@router.post("/executions/{execution_id}/stop", summary="Stop an execution: softly, or at once")
def stop_execution(execution_id: str, request: StopBody, services: ServicesDep, by: ActorDep) -> StoppedExecutionOut:
    stopped = services.stopping.execution(execution_id, request.mode, by)
    return StoppedExecutionOut(execution=stopped.execution, changed=stopped.stop.changed, message=stopped.message)


@router.get("/executions/{execution_id}/screenshots", summary="What an execution captured, with its comparisons")
def list_screenshots(execution_id: str, services: ServicesDep) -> list[Screenshot]:
    return services.history.execution(execution_id).screenshots


@router.get("/screenshots/{screenshot_id}", summary="One captured target")
def get_screenshot(screenshot_id: str, services: ServicesDep) -> Screenshot:
    return services.history.screenshot(screenshot_id)


@router.get("/screenshots/{screenshot_id}/comparisons", summary="The comparisons of a screenshot, newest first")
def list_comparisons(screenshot_id: str, services: ServicesDep) -> list[Comparison]:
    return services.history.screenshot(screenshot_id).comparisons
