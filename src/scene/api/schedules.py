"""Schedules over REST."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import ScheduleBody
from scene.api.schemas import ListOf, ScheduleChanges
from scene.domain.schedules import Schedule

router = APIRouter(prefix="/api", tags=["schedules"])


@router.post("/projects/{project_id}/schedules", status_code=201, summary="Let a batch run by itself")
def create_schedule(
    project_id: str, draft: ScheduleBody, services: ServicesDep, by: ActorDep, response: Response
) -> Schedule:
    schedule = services.schedules.create(project_id, draft, by)
    tag(response, schedule)
    return schedule


@router.get("/projects/{project_id}/schedules", summary="The schedules of a project, newest first")
def list_schedules(project_id: str, services: ServicesDep, request: SliceDep) -> ListOf[Schedule]:
    return ListOf.of(services.schedules.newest(services.projects.get(project_id).id, request))


@router.get("/schedules/{schedule_id}", summary="One schedule")
def get_schedule(schedule_id: str, services: ServicesDep, response: Response) -> Schedule:
    schedule = services.schedules.get(schedule_id)
    tag(response, schedule)
    return schedule


@router.patch("/schedules/{schedule_id}", summary="Change some fields of a schedule")
def update_schedule(
    schedule_id: str,
    changes: ScheduleChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Schedule:
    schedule = services.schedules.update(schedule_id, changes, version, by)
    tag(response, schedule)
    return schedule


@router.delete("/schedules/{schedule_id}", status_code=204, summary="Delete a schedule")
def delete_schedule(schedule_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.schedules.delete(schedule_id, version, by)
