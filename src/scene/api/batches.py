"""Batches over REST."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import BatchBody
from scene.api.schemas import BatchChanges, ListOf
from scene.domain.catalog import Batch

router = APIRouter(prefix="/api", tags=["batches"])


@router.post("/projects/{project_id}/batches", status_code=201, summary="Create a batch")
def create_batch(project_id: str, draft: BatchBody, services: ServicesDep, by: ActorDep, response: Response) -> Batch:
    batch = services.batches.create(project_id, draft, by)
    tag(response, batch)
    return batch


@router.get("/projects/{project_id}/batches", summary="The batches of a project, newest first")
def list_batches(project_id: str, services: ServicesDep, request: SliceDep) -> ListOf[Batch]:
    return ListOf.of(services.batches.newest(services.projects.get(project_id).id, request))


@router.get("/batches/{batch_id}", summary="One batch")
def get_batch(batch_id: str, services: ServicesDep, response: Response) -> Batch:
    batch = services.batches.get(batch_id)
    tag(response, batch)
    return batch


@router.patch("/batches/{batch_id}", summary="Change some fields of a batch")
def update_batch(
    batch_id: str,
    changes: BatchChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Batch:
    batch = services.batches.update(batch_id, changes, version, by)
    tag(response, batch)
    return batch


@router.delete("/batches/{batch_id}", status_code=204, summary="Delete a batch")
def delete_batch(batch_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.batches.delete(batch_id, version, by)
