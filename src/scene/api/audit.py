"""The audit log over REST: for administrators, and programs with a token of theirs."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from scene.api.caller import AuditorDep
from scene.api.deps import ServicesDep, SliceDep
from scene.api.filters import AuditFilterDep
from scene.api.schemas import ListOf
from scene.domain.records import AuditEntry

router = APIRouter(prefix="/api/audit", tags=["audit"])


class JsonLines(StreamingResponse):
    media_type = "application/x-ndjson"


@router.get("", summary="Who did what, newest first")
def list_entries(services: ServicesDep, _: AuditorDep, only: AuditFilterDep, request: SliceDep) -> ListOf[AuditEntry]:
    return ListOf.of(services.audit.newest(only, request))


@router.get("/export", summary="The same as JSON lines, oldest first and without an end", response_class=JsonLines)
def export_entries(services: ServicesDep, _: AuditorDep, only: AuditFilterDep) -> JsonLines:
    def lines() -> Iterator[str]:
        for entry in services.audit.in_order(only):
            yield entry.model_dump_json() + "\n"

    return JsonLines(lines(), headers={"Content-Disposition": 'attachment; filename="audit.jsonl"'})
