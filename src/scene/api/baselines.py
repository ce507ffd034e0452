"""Baselines over REST: they are made by recording, and never change."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from scene.api.deps import ActorDep, BatchFilter, ProjectFilter, ServicesDep, SliceDep
from scene.api.downloads import disposition
from scene.api.runs import IdempotencyKeyHeader
from scene.api.schemas import ListOf
from scene.api.uploads import Uploaded
from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.importing import ImportDraft, ImportReport
from scene.domain.promotion import Notes
from scene.domain.runs import Line

router = APIRouter(prefix="/api", tags=["baselines"])

_ZIP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A zip of PNG pictures. A manifest.json (of an export), mapping.json or mapping.csv in it says "
        "what each is of; without one the names of the files do.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/batches/{batch_id}/baselines/import",
    status_code=201,
    summary="Import reference pictures as a new baseline of a batch",
    responses={200: {"model": ImportReport, "description": "A dry run, or what the same request made before"}},
    openapi_extra=_ZIP,
)
def import_baseline(
    batch_id: str,
    upload: Uploaded,
    services: ServicesDep,
    by: ActorDep,
    response: Response,
    line: Annotated[Line, Query(description="The line that gets it.")] = "main",
    notes: Annotated[Notes, Query(description="Shown with the baseline.")] = "",
    only_these: Annotated[
        bool, Query(description="Without the other pictures of the line's newest baseline, which stay by default.")
    ] = False,
    skip_unknown: Annotated[
        bool, Query(description="Leave out pictures that nothing of the batch asks for; else they are an error.")
    ] = False,
    dry_run: Annotated[bool, Query(description="Check everything, and make nothing.")] = False,
    idempotency_key: IdempotencyKeyHeader = None,
) -> ImportReport:
    draft = ImportDraft(line=line, notes=notes, only_these=only_these, skip_unknown=skip_unknown, dry_run=dry_run)
    report, is_new = services.importing.import_zip(batch_id, draft, upload, by, idempotency_key)
    if dry_run or not is_new:
        response.status_code = 200
    return report


@router.get("/baselines", summary="Baselines, newest first")
def list_baselines(
    services: ServicesDep, request: SliceDep, project: ProjectFilter = None, batch: BatchFilter = None
) -> ListOf[Baseline]:
    return ListOf.of(services.history.baselines(project, batch, request))


@router.get("/baselines/{baseline_id}", summary="One baseline")
def get_baseline(baseline_id: str, services: ServicesDep) -> Baseline:
    return services.history.baseline(baseline_id)


@router.delete("/baselines/{baseline_id}", status_code=204, summary="Delete a baseline that nothing uses")
def delete_baseline(baseline_id: str, services: ServicesDep, by: ActorDep) -> None:
    services.baselines.delete(baseline_id, by)


@router.get(
    "/baselines/{baseline_id}/export",
    summary="The pictures of a baseline as a zip with a manifest",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}},
)
def export_baseline(baseline_id: str, services: ServicesDep) -> StreamingResponse:
    name, body = services.exporting.export(baseline_id)
    headers = {"Content-Disposition": disposition("attachment", name), "Cache-Control": "no-store"}
    return StreamingResponse(body, media_type="application/zip", headers=headers)


@router.get("/baselines/{baseline_id}/items", summary="The pictures of a baseline")
def list_baseline_items(baseline_id: str, services: ServicesDep, request: SliceDep) -> ListOf[BaselineItem]:
    return ListOf.of(services.history.baseline_items(baseline_id, request))
