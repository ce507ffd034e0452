"""Decide on pictures in the viewer and on the dashboard, and promote what was approved."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse, Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.amounts import count
from scene.domain.model import new_id
from scene.domain.promotion import PromotionDraft
from scene.domain.reviews import (
    AlreadyDecided,
    Decision,
    ReviewDraft,
    Reviewed,
    ReviewsDraft,
    SeenOtherwise,
    Superseded,
)
from scene.errors import Conflict, Invalid
from scene.services.editing import draft_of
from scene.store.values import MAX_SLICE
from scene.web.answers import saved
from scene.web.forms import FormDep
from scene.web.render import render_fragment
from scene.web.review_views import PromoteView, ReviewView, panel_of

router = APIRouter(include_in_schema=False)

_SAID = {Decision.APPROVED: "Approved", Decision.REJECTED: "Rejected", Decision.PENDING: "Taken back"}


@router.post("/screenshots/{screenshot_id}/review")
def decide(
    screenshot_id: str,
    draft: ReviewDraft,
    services: ServicesDep,
    by: ActorDep,
    superseded: Annotated[Literal["seen"] | None, Header(alias="X-Superseded")] = None,
) -> Response:
    """What stands then; when somebody else was first, what that one decided, with the status 409.

    superseded: the page has shown the warning that a newer run is there.
    """
    if superseded:
        draft = draft.model_copy(update={"allow_superseded": True})
    try:
        shot = services.reviews.decide(screenshot_id, draft, by)
    except (AlreadyDecided, SeenOtherwise) as error:
        shot = services.history.screenshot(screenshot_id)
        told = {"X-Problem": json.dumps(error.message)}
        return render_fragment("review/_one.html", ReviewView(shot), 409, told)
    return render_fragment("review/_one.html", ReviewView(shot))


@router.get("/runs/{run_id}/review")
def show_panel(run_id: str, services: ServicesDep) -> HTMLResponse:
    return render_fragment("review/_panel.html", panel_of(services, run_id))


@router.get("/runs/{run_id}/review/shown")
def show_decisions(
    run_id: str, services: ServicesDep, execution: Annotated[list[str], Query(max_length=MAX_SLICE)]
) -> HTMLResponse:
    """What stands for the pictures of these executions of the run, after many were decided on at once."""
    services.runs.get(run_id)
    shots = services.history.screenshots(execution)
    return render_fragment("review/_shown.html", [shot for found in shots.values() for shot in found if shot.review])


@router.post("/runs/{run_id}/review/{decision}")
def decide_rest(
    run_id: str, decision: Literal["approved", "rejected"], sent: FormDep, services: ServicesDep, by: ActorDep
) -> HTMLResponse:
    """superseded: the panel that asks has shown the warning that a newer run is there."""
    draft = ReviewsDraft(decision=Decision(decision), allow_superseded=sent.get("superseded") == "seen")
    try:
        done = services.reviews.decide_many(run_id, draft, by)
    except Superseded:
        told = "Nothing was decided: a newer run is there. Read the warning, then decide again."
        warning = {"scene:toast": {"message": told, "level": "warning"}}
        return render_fragment("review/_panel.html", panel_of(services, run_id), headers=_triggers(warning))
    return _told(services, run_id, done, undo=done.group_id)


@router.post("/runs/{run_id}/review/undo/{group_id}")
def take_back(run_id: str, group_id: str, services: ServicesDep, by: ActorDep) -> HTMLResponse:
    return _told(services, run_id, services.reviews.take_back(run_id, group_id, by))


@router.get("/runs/{run_id}/promote")
def show_promotion(run_id: str, services: ServicesDep) -> HTMLResponse:
    return render_fragment("review/promote.html", _promotion(services, run_id, new_id()))


@router.post("/runs/{run_id}/promote")
def promote(run_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    key = str(sent.pop("key", "")) or new_id()
    try:
        draft = draft_of(PromotionDraft, sent)
        baseline, _ = services.promotions.promote(run_id, draft, by, key)
    except (Invalid, Conflict) as error:
        view = _promotion(services, run_id, new_id(), problem=error.message, sent=sent)
        return render_fragment("review/promote.html", view, 422)
    said = f"A new baseline of the line {baseline.line}: {count(baseline.items_succeeded, 'picture')}."
    return saved(said, f"/baselines/{baseline.id}")


def _told(services: Services, run_id: str, done: Reviewed, undo: str | None = None) -> HTMLResponse:
    left = f", {len(done.skipped)} left alone (in quarantine or unstable)" if done.skipped else ""
    said = f"{_SAID[done.decision]}: {len(done.screenshot_ids)}{left}."
    trigger = {"scene:toast": {"message": said, "level": "success"}, "scene:decided": True}
    return render_fragment("review/_panel.html", panel_of(services, run_id, undo), headers=_triggers(trigger))


def _triggers(events: Mapping[str, object]) -> dict[str, str]:
    return {"HX-Trigger": json.dumps(events)}


def _promotion(
    services: Services, run_id: str, key: str, problem: str = "", sent: dict[str, object] | None = None
) -> PromoteView:
    given = sent or {}
    drop = given.get("drop_removed_tasks") == "true"
    return PromoteView(
        services.runs.get(run_id),
        services.promotions.preview(run_id, PromotionDraft(drop_removed_tasks=drop)),
        services.reviews.superseded_by(run_id),
        key,
        notes=str(given.get("notes") or ""),
        drop=drop,
        problem=problem,
    )
