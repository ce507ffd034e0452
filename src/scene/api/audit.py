"""The audit log over REST: for everybody who may read, since reviews and stops concern everybody."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from scene.api.deps import ServicesDep, SliceDep
from scene.api.filters import AuditFilterDep
from scene.api.schemas import ListOf
from scene.domain.records import AuditEntry

router = APIRouter(prefix="/api/audit", tags=["audit"])


class JsonLines(StreamingResponse):
    media_type = "application/x-ndjson"


@router.get("", summary="Who did what, newest first")
def list_entries(services: ServicesDep, only: AuditFilterDep, request: SliceDep) -> ListOf[AuditEntry]:
    return ListOf.of(services.audit.newest(only, request))


@router.get("/export", summary="The same as JSON lines, oldest first and without an end", response_class=JsonLines)
def export_entries(services: ServicesDep, only: AuditFilterDep) -> JsonLines:
    def lines() -> Iterator[str]:
        for entry in services.audit.in_order(only):
            yield entry.model_dump_json() + "\n"

    return JsonLines(lines(), headers={"Content-Disposition": 'attachment; filename="audit.jsonl"'})
