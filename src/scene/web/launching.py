"""Start a run from where no batch is in sight: choose one first."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ServicesDep
from scene.domain.catalog import Batch
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.batches import show_launcher
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ChooseBatchView:
    groups: list[tuple[str, list[Batch]]]
    """By the name of their project, the newest hundred batches."""
    more: bool
    """Whether there are others, which their projects list."""


@router.get("/runs/new")
def choose_batch(services: ServicesDep, batch: str | None = None) -> Response:
    """The choice, or the launcher of the batch that was chosen."""
    if batch:
        found = services.batches.get(batch)
        recorded = services.history.baselines(None, found.id, SliceRequest(limit=1)).items
        return show_launcher(found.id, services, "comparison" if recorded else "baseline_recording")
    newest = services.batches.newest(None, SliceRequest(limit=MAX_SLICE))
    names = {each: services.projects.get(each).name for each in {item.project_id for item in newest.items}}
    groups: dict[str, list[Batch]] = {}
    for each in sorted(newest.items, key=lambda item: (names[item.project_id].casefold(), item.name.casefold())):
        groups.setdefault(names[each.project_id], []).append(each)
    view = ChooseBatchView(list(groups.items()), newest.next_cursor is not None)
    return render_fragment("forms/choose_batch.html", view)
