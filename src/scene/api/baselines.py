"""Baselines over REST: they are made by recording, and never change."""

from fastapi import APIRouter

from scene.api.deps import ActorDep, BatchFilter, ProjectFilter, ServicesDep, SliceDep
from scene.api.schemas import ListOf
from scene.domain.baselines import Baseline, BaselineItem

router = APIRouter(prefix="/api/baselines", tags=["baselines"])


@router.get("", summary="Baselines, newest first")
def list_baselines(
    services: ServicesDep, request: SliceDep, project: ProjectFilter = None, batch: BatchFilter = None
) -> ListOf[Baseline]:
    return ListOf.of(services.history.baselines(project, batch, request))


@router.get("/{baseline_id}", summary="One baseline")
def get_baseline(baseline_id: str, services: ServicesDep) -> Baseline:
    return services.history.baseline(baseline_id)


@router.delete("/{baseline_id}", status_code=204, summary="Delete a baseline that nothing uses")
def delete_baseline(baseline_id: str, services: ServicesDep, by: ActorDep) -> None:
    services.baselines.delete(baseline_id, by)


@router.get("/{baseline_id}/items", summary="The pictures of a baseline")
def list_baseline_items(baseline_id: str, services: ServicesDep, request: SliceDep) -> ListOf[BaselineItem]:
    return ListOf.of(services.history.baseline_items(baseline_id, request))
