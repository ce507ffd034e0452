"""Reviews over REST: decisions on what a run captured, and the baselines that are made of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from scene.api.deps import ActorDep, ServicesDep, SliceDep
from scene.api.examples import CarryingBody, PromotionBody, RestorationBody, ReviewBody, ReviewsBody
from scene.api.runs import IdempotencyKeyHeader
from scene.api.schemas import BaselineDifferencesOut
from scene.domain.baselines import Baseline
from scene.domain.pictures import Screenshot
from scene.domain.promotion import CarryingDraft, Promotion, PromotionDraft
from scene.domain.reviews import Review, Reviewed
from scene.domain.runs import Id, Line, Run

router = APIRouter(prefix="/api", tags=["reviews"])

_MADE: dict[int | str, dict[str, Any]] = {
    200: {"model": Baseline, "description": "The baseline that the same request made before"}
}


@router.post("/screenshots/{screenshot_id}/review", summary="Approve or reject a screenshot, or take that back")
def review(screenshot_id: str, draft: ReviewBody, services: ServicesDep, by: ActorDep) -> Screenshot:
    return services.reviews.decide(screenshot_id, draft, by)


@router.get("/screenshots/{screenshot_id}/reviews", summary="Every decision on a screenshot, newest first")
def list_reviews(screenshot_id: str, services: ServicesDep) -> list[Review]:
    return services.reviews.history(screenshot_id)


@router.post("/runs/{run_id}/reviews", summary="Approve or reject all that nobody has decided on yet, or a part of it")
def review_many(run_id: str, draft: ReviewsBody, services: ServicesDep, by: ActorDep) -> Reviewed:
    return services.reviews.decide_many(run_id, draft, by)


@router.delete("/runs/{run_id}/reviews/{group_id}", summary="Take back decisions that were made at once")
def take_back(run_id: str, group_id: str, services: ServicesDep, by: ActorDep) -> Reviewed:
    return services.reviews.take_back(run_id, group_id, by)


@router.get("/runs/{run_id}/superseded-by", summary="The newer run of the same batch, line and labels, or null")
def superseded_by(run_id: str, services: ServicesDep) -> Run | None:
    return services.reviews.superseded_by(run_id)


@router.get("/runs/{run_id}/promotion", summary="The baseline that would be made of what was approved in a run")
def preview(
    run_id: str,
    services: ServicesDep,
    line: Annotated[Line | None, Query(description="The line that gets it; the run's own by default.")] = None,
    drop_removed_tasks: Annotated[bool, Query(description="Without tasks that are not in the batch any more.")] = False,
) -> Promotion:
    return services.promotions.preview(run_id, PromotionDraft(line=line, drop_removed_tasks=drop_removed_tasks))


@router.post(
    "/runs/{run_id}/promote",
    status_code=201,
    summary="Make a new baseline of what was approved in a run",
    responses=_MADE,
)
def promote(
    run_id: str,
    draft: PromotionBody,
    services: ServicesDep,
    by: ActorDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Baseline:
    return _made(response, services.promotions.promote(run_id, draft, by, idempotency_key))


@router.get("/baselines/{baseline_id}/comparison", summary="In what a baseline differs from another one of its batch")
def compare(
    baseline_id: str,
    services: ServicesDep,
    request: SliceDep,
    other: Annotated[Id, Query(alias="with", description="The one that it is compared with.")],
) -> BaselineDifferencesOut:
    return BaselineDifferencesOut.of(services.promotions.compare(other, baseline_id, request))


@router.get("/baselines/{baseline_id}/carrying", summary="What carrying a baseline to another line would make")
def preview_carrying(
    baseline_id: str, services: ServicesDep, line: Annotated[Line, Query(description="The other line.")]
) -> Promotion:
    return services.promotions.preview_carrying(baseline_id, CarryingDraft(line=line))


@router.post(
    "/baselines/{baseline_id}/carry",
    status_code=201,
    summary="Carry what was approved on a baseline's line to another line",
    responses=_MADE,
)
def carry(
    baseline_id: str,
    draft: CarryingBody,
    services: ServicesDep,
    by: ActorDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Baseline:
    return _made(response, services.promotions.carry(baseline_id, draft, by, idempotency_key))


@router.post(
    "/baselines/{baseline_id}/restore",
    status_code=201,
    summary="Make an old baseline current again, as a new one",
    responses=_MADE,
)
def restore(
    baseline_id: str,
    draft: RestorationBody,
    services: ServicesDep,
    by: ActorDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Baseline:
    return _made(response, services.promotions.restore(baseline_id, draft, by, idempotency_key))


def _made(response: Response, made: tuple[Baseline, bool]) -> Baseline:
    baseline, is_new = made
    if not is_new:
        response.status_code = 200
    return baseline
