"""Who carries out executions, over REST."""

from fastapi import APIRouter

from scene.api.deps import ServicesDep, SliceDep
from scene.api.schemas import ListOf
from scene.domain.workers import Worker

router = APIRouter(prefix="/api/workers", tags=["workers"])


@router.get("", summary="Workers, newest first: what they can do, and what they carry out; for a day, lost ones too")
def list_workers(services: ServicesDep, request: SliceDep) -> ListOf[Worker]:
    return ListOf.of(services.workers.newest(request))
