"""The baselines of a batch and what came of what, one baseline with its pictures, and two of them compared."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.bootstrap import Services
from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.runs import Run
from scene.errors import NotFound
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.baseline_views import (
    BaselineComparisonView,
    BaselineRow,
    BaselineView,
    ItemTile,
    LineageView,
    ViewedChange,
)
from scene.web.lineage import Lineage
from scene.web.project_views import list_addresses
from scene.web.render import render, render_page
from scene.web.viewer_models import ViewerView

router = APIRouter(include_in_schema=False)

_PICTURES = 60
_DIFFERENCES = 50
"""On one page: the next ones are one step beyond the last."""


@router.get("/batches/{batch_id}/baselines")
def show_lineage(batch_id: str, request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    batch = services.batches.get(batch_id)
    found = services.history.baselines(None, batch_id, SliceRequest(limit=MAX_SLICE, cursor=cursor))
    current = current_of(services, found.items)
    own, older, newest = list_addresses(f"/batches/{batch_id}/baselines", found.next_cursor, cursor)
    view = LineageView(
        project=services.projects.get(batch.project_id),
        batch=batch,
        rows=[BaselineRow.of(each, batch, current) for each in found.items],
        drawing=Lineage.of(found.items, current, batch.baseline_policy.baseline_id),
        own_url=own,
        older_url=older,
        newest_url=newest,
    )
    return render(request, "baselines", "lineage", view)


@router.get("/baselines/{baseline_id}")
def show_baseline(baseline_id: str, request: Request, services: ServicesDep, cursor: str | None = None) -> HTMLResponse:
    baseline = services.history.baseline(baseline_id)
    batch = services.batches.get(baseline.batch_id)
    found = services.history.baseline_items(baseline_id, SliceRequest(limit=_PICTURES, cursor=cursor))
    own, further, first = list_addresses(f"/baselines/{baseline_id}", found.next_cursor, cursor)
    view = BaselineView(
        project=services.projects.get(batch.project_id),
        batch=batch,
        row=BaselineRow.of(baseline, batch, current_of(services, [baseline])),
        run=_run(services, baseline),
        parent=_there(services, baseline.parent_id),
        source=_there(services, baseline.source_id),
        tiles=[ItemTile(item, _is_new(baseline, item)) for item in found.items],
        own_url=own,
        further_url=further,
        first_url=first,
    )
    return render(request, "baseline", "baseline", view)


@router.get("/baselines/{baseline_id}/compare")
def compare(
    baseline_id: str,
    services: ServicesDep,
    other: Annotated[str | None, Query(alias="with")] = None,
    cursor: str | None = None,
) -> HTMLResponse:
    """other: the one before, at first the parent. Raises Invalid for a baseline of another batch."""
    after = services.history.baseline(baseline_id)
    batch = services.batches.get(after.batch_id)
    before = services.history.baseline(other) if other else _there(services, after.parent_id)
    newest = services.history.baselines(None, batch.id, SliceRequest(limit=MAX_SLICE)).items
    known = [before] if before and before.id not in {each.id for each in newest} else []
    view = BaselineComparisonView(
        project=services.projects.get(batch.project_id),
        batch=batch,
        before=before,
        after=after,
        others=[each for each in [*newest, *known] if each.id != after.id],
    )
    return render_page("baseline/compare.html", view if before is None else _compared(services, view, before, cursor))


def _compared(
    services: Services, view: BaselineComparisonView, before: Baseline, cursor: str | None
) -> BaselineComparisonView:
    request = SliceRequest(limit=_DIFFERENCES, cursor=cursor)
    differences = services.promotions.compare(before.id, view.after.id, request)
    found = differences.changes

    def url(**place: str) -> str:
        return f"/baselines/{view.after.id}/compare?{urlencode({'with': before.id, **place})}"

    viewer = ViewerView(
        pictures=[ViewedChange(change) for change in found.items],
        previous_url=url() if cursor else None,
        next_url=url(cursor=found.next_cursor) if found.next_cursor else None,
        of_run=True,
        of_baselines=True,
    )
    return replace(view, differences=differences, viewer=viewer)


def current_of(services: Services, baselines: list[Baseline]) -> set[str]:
    """The ids of the newest of each of their lines."""
    lines = {(each.batch_id, each.line) for each in baselines}
    return {latest.id for batch_id, line in lines if (latest := services.baselines.latest(batch_id, line))}


def _is_new(baseline: Baseline, item: BaselineItem) -> bool:
    return baseline.parent_id is not None and item.origin is not None and item.origin.baseline_id == baseline.id


def _there(services: Services, baseline_id: str | None) -> Baseline | None:
    """None when it was deleted since."""
    if baseline_id is None:
        return None
    try:
        return services.history.baseline(baseline_id)
    except NotFound:
        return None


def _run(services: Services, baseline: Baseline) -> Run | None:
    """None when it was deleted since."""
    if baseline.run_id is None:
        return None
    try:
        return services.runs.get(baseline.run_id)
    except NotFound:
        return None
