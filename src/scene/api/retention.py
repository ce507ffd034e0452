"""Retention over REST: what would go, and let it go."""

from typing import Annotated

from fastapi import APIRouter, Query

from scene.api.deps import ActorDep, ServicesDep
from scene.domain.retention import RetentionDone, RetentionPlan, RetentionPolicy

router = APIRouter(prefix="/api/projects/{project_id}/retention", tags=["retention"])


@router.get("", summary="What would go now, by the project's retention or by other limits")
def preview(
    project_id: str,
    services: ServicesDep,
    runs: Annotated[int | None, Query(ge=1, le=100_000, description="The newest runs of each batch.")] = None,
    baselines: Annotated[int | None, Query(ge=1, le=100_000, description="The newest baselines of each line.")] = None,
    days: Annotated[int | None, Query(ge=1, le=36_500, description="Nothing older than this.")] = None,
    max_mb: Annotated[int | None, Query(ge=1, le=1_000_000_000, description="Megabytes of the project.")] = None,
) -> RetentionPlan:
    other = RetentionPolicy(runs=runs, baselines=baselines, days=days, max_mb=max_mb)
    return services.retention.preview(project_id, other if other.limits else None)


@router.post("/apply", summary="Let go what exceeds the project's retention, now")
def apply(project_id: str, services: ServicesDep, by: ActorDep) -> RetentionDone:
    return services.retention.apply(project_id, by)
