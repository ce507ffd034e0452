"""What a reader of pictures does about the policy of their task: try a tolerance, save it, mask what is drawn."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.amounts import count, percent
from scene.domain.catalog import Task
from scene.domain.masks import Mask, Rectangle
from scene.domain.pictures import ComparisonKind
from scene.domain.records import Actor
from scene.errors import Conflict, Invalid
from scene.imaging.png_file import read_png_file
from scene.services.editing import draft_of
from scene.web.answers import refused, saved
from scene.web.forms import FormDep
from scene.web.viewer_models import walked

router = APIRouter(include_in_schema=False)

_LATER = "It applies from the next run on, and to this one by its “Compare again”."


@router.get("/screenshots/{screenshot_id}/trial")
def try_tolerance(
    screenshot_id: str,
    services: ServicesDep,
    against: ComparisonKind,
    tolerance: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)],
) -> JSONResponse:
    trial = services.trying.compare(screenshot_id, against, tolerance)
    stats = trial.stats
    differing = f"{count(stats.changed_pixels, 'pixel')}, {percent(stats.percent_changed)}"
    return JSONResponse(
        {
            "told": f"{trial.verdict.capitalize()}: {differing}",
            "sentence": trial.sentence,
            "regions": [region.model_dump() for region in walked(stats)],
            "diff": _drawn(trial.diff),
        },
        headers={"Cache-Control": "no-store"},
    )


def _drawn(diff: bytes | None) -> dict[str, object] | None:
    if diff is None:
        return None
    drawn = read_png_file(diff, "diff.png")
    return {"url": f"data:image/png;base64,{b64encode(diff).decode()}", "width": drawn.width, "height": drawn.height}


@router.post("/screenshots/{screenshot_id}/tolerance")
def save_tolerance(screenshot_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    try:
        task = _change(services, screenshot_id, {"pixel_tolerance": sent.get("tolerance")}, by)
    except (Invalid, Conflict) as error:
        return refused(error.message)
    told = f"The task {task.name} has the tolerance {task.policy.pixel_tolerance:g} now. {_LATER}"
    return saved(told, also={"scene:policy-changed": True})


@router.post("/screenshots/{screenshot_id}/masks")
def add_mask(screenshot_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    try:
        task = _change(services, screenshot_id, {}, by, mask=Mask(rectangle=draft_of(Rectangle, sent)))
    except (Invalid, Conflict) as error:
        return refused(error.message)
    told = f"The task {task.name} masks this area now, in every picture of it. {_LATER}"
    return saved(told, also={"scene:masked": True, "scene:policy-changed": True})


def _change(
    services: Services, screenshot_id: str, changes: dict[str, object], by: Actor, mask: Mask | None = None
) -> Task:
    """The task with another policy; mask: one more. Raises NotFound, Invalid, VersionConflict."""
    execution_id = services.history.screenshot(screenshot_id).execution_id
    task = services.tasks.get(services.history.execution(execution_id).execution.task_id)
    masks = [*task.policy.masks, *([mask] if mask else [])]
    policy = {**task.policy.model_dump(), **changes, "masks": masks}
    return services.tasks.update(task.id, {"policy": policy}, task.version, by)
