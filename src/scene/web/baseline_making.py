"""The dialogs that make a new baseline of an old one, pin one, and delete one."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.amounts import count
from scene.domain.baselines import Baseline
from scene.domain.catalog import Batch
from scene.domain.model import new_id
from scene.domain.promotion import CarryingDraft, RestorationDraft
from scene.domain.records import Actor
from scene.errors import Conflict, Invalid
from scene.services.editing import draft_of
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.answers import saved
from scene.web.baseline_views import MakingView, Preview, name_of
from scene.web.editing import DeleteView
from scene.web.forms import FormDep
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@router.get("/baselines/{baseline_id}/restore")
def ask_restore(baseline_id: str, services: ServicesDep) -> Response:
    return render_fragment("baseline/restore.html", _restoring(services, baseline_id))


@router.post("/baselines/{baseline_id}/restore")
def restore(baseline_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    key = str(sent.pop("key", "")) or new_id()
    try:
        made, _ = services.promotions.restore(baseline_id, draft_of(RestorationDraft, sent), by, key)
    except (Invalid, Conflict) as error:
        view = replace(_restoring(services, baseline_id), problem=error.message, notes=str(sent.get("notes") or ""))
        return render_fragment("baseline/restore.html", view, 422)
    return saved(f"It is the current baseline of the line {made.line} again.", f"/baselines/{made.id}")


@router.get("/baselines/{baseline_id}/carry")
def ask_carry(baseline_id: str, services: ServicesDep, line: Annotated[str, Query(max_length=200)] = "") -> Response:
    return render_fragment("baseline/carry.html", _carrying(services, baseline_id, line, {}))


@router.post("/baselines/{baseline_id}/carry")
def carry(baseline_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    key = str(sent.pop("key", "")) or new_id()
    try:
        made, _ = services.promotions.carry(baseline_id, draft_of(CarryingDraft, sent), by, key)
    except (Invalid, Conflict) as error:
        view = _carrying(services, baseline_id, str(sent.get("line") or ""), sent)
        return render_fragment("baseline/carry.html", replace(view, problem=error.message), 422)
    return saved(f"The line {made.line} has a new baseline.", f"/baselines/{made.id}")


def _restoring(services: Services, baseline_id: str) -> MakingView:
    baseline, batch = _with_batch(services, baseline_id)
    latest = services.baselines.latest(batch.id, baseline.line)
    preview = None
    if latest and latest.id != baseline_id:
        shown = SliceRequest(limit=MAX_SLICE)
        preview = Preview.of_restoration(services.promotions.compare(latest.id, baseline_id, shown))
    return MakingView(baseline, batch, preview, new_id(), line=baseline.line)


def _carrying(services: Services, baseline_id: str, line: str, sent: dict[str, Any]) -> MakingView:
    """Without a line, the one that is offered first: main, or else another that there is."""
    baseline, batch = _with_batch(services, baseline_id)
    newest = services.history.baselines(None, batch.id, SliceRequest(limit=MAX_SLICE)).items
    lines = sorted({each.line for each in newest} - {baseline.line}, key=lambda each: (each != "main", each))
    chosen = line or next(iter(lines), "")
    preview = None
    problem = ""
    if chosen:
        try:
            draft = draft_of(CarryingDraft, {"line": chosen})
            preview = Preview.of_carrying(services.promotions.preview_carrying(baseline_id, draft))
        except (Invalid, Conflict) as error:
            problem = error.message
    notes = str(sent.get("notes") or "")
    return MakingView(baseline, batch, preview, new_id(), lines, chosen, notes, problem)


@router.get("/baselines/{baseline_id}/pin")
def ask_pin(baseline_id: str, services: ServicesDep) -> Response:
    baseline, batch = _with_batch(services, baseline_id)
    return render_fragment("baseline/pin.html", MakingView(baseline, batch, None, new_id()))


@router.post("/baselines/{baseline_id}/pin")
def pin(baseline_id: str, services: ServicesDep, by: ActorDep) -> Response:
    baseline, batch = _with_batch(services, baseline_id)
    _set_policy(services, batch, {"use": "pinned", "baseline_id": baseline.id}, by)
    return saved(f"The batch {batch.name} compares with this baseline from now on.")


@router.post("/batches/{batch_id}/unpin")
def unpin(batch_id: str, services: ServicesDep, by: ActorDep) -> Response:
    batch = services.batches.get(batch_id)
    _set_policy(services, batch, {"use": "latest"}, by)
    return saved(f"The batch {batch.name} compares with the latest baseline of a run's line from now on.")


def _set_policy(services: Services, batch: Batch, policy: dict[str, str], by: Actor) -> None:
    services.batches.update(batch.id, {"baseline_policy": policy}, batch.version, by)


@router.get("/baselines/{baseline_id}/delete")
def ask_delete(baseline_id: str, services: ServicesDep) -> Response:
    return _delete(services.history.baseline(baseline_id))


@router.post("/baselines/{baseline_id}/delete")
def delete(baseline_id: str, services: ServicesDep, by: ActorDep) -> Response:
    baseline = services.history.baseline(baseline_id)
    try:
        services.baselines.delete(baseline_id, by)
    except Conflict as error:
        return _delete(baseline, error.message)
    return saved("The baseline was deleted.", f"/batches/{baseline.batch_id}/baselines")


def _delete(baseline: Baseline, problem: str = "") -> Response:
    along = (
        f"It has {count(baseline.items_succeeded, 'picture')}: those that no run and no other baseline shows are "
        "deleted too. The run that it was made of stays."
    )
    view = DeleteView("Delete baseline", name_of(baseline), f"/baselines/{baseline.id}/delete", along, problem)
    return render_fragment("forms/delete.html", view, 422 if problem else 200)


def _with_batch(services: Services, baseline_id: str) -> tuple[Baseline, Batch]:
    baseline = services.history.baseline(baseline_id)
    return baseline, services.batches.get(baseline.batch_id)
