"""Quarantines over REST: what is known to be shaky, and for a while counted in no verdict."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from scene.api.deps import ActorDep, ExpectedVersion, ProjectFilter, ServicesDep, SliceDep, tag
from scene.api.examples import QuarantineBody
from scene.api.schemas import ListOf, QuarantineChanges
from scene.domain.quarantines import Quarantine
from scene.domain.runs import Id

router = APIRouter(prefix="/api", tags=["quarantines"])


@router.post("/projects/{project_id}/quarantines", status_code=201, summary="Put pictures of a task in quarantine")
def create_quarantine(
    project_id: str, draft: QuarantineBody, services: ServicesDep, by: ActorDep, response: Response
) -> Quarantine:
    quarantine = services.quarantines.create(project_id, draft, by)
    tag(response, quarantine)
    return quarantine


@router.get("/quarantines", summary="What is in quarantine or was until it expired, newest first")
def list_quarantines(
    services: ServicesDep,
    request: SliceDep,
    project: ProjectFilter = None,
    task: Annotated[Id | None, Query(description="Only of this task.")] = None,
) -> ListOf[Quarantine]:
    return ListOf.of(services.quarantines.newest(project, task, request))


@router.get("/quarantines/{quarantine_id}", summary="One quarantine")
def get_quarantine(quarantine_id: str, services: ServicesDep, response: Response) -> Quarantine:
    quarantine = services.quarantines.get(quarantine_id)
    tag(response, quarantine)
    return quarantine


@router.patch("/quarantines/{quarantine_id}", summary="Prolong a quarantine, or change its reason, owner or issue")
def update_quarantine(
    quarantine_id: str,
    changes: QuarantineChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Quarantine:
    quarantine = services.quarantines.update(quarantine_id, changes, version, by)
    tag(response, quarantine)
    return quarantine


@router.delete("/quarantines/{quarantine_id}", status_code=204, summary="Lift a quarantine: what ends now counts again")
def lift_quarantine(quarantine_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.quarantines.delete(quarantine_id, version, by)
