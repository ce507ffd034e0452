"""Who carries out executions."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scene.api.deps import ServicesDep
from scene.domain.workers import Worker
from scene.store.values import SliceRequest
from scene.web.render import render

router = APIRouter(include_in_schema=False)

_ROWS: Final = 50


@dataclass(frozen=True)
class WorkersView:
    workers: list[Worker]
    held_back: str
    """A sentence, where the settings let them do less than they could."""
    newest_url: str | None
    older_url: str | None
    own_url: str


@router.get("/workers")
def show_workers(request: Request, services: ServicesDep, cursor: str | None = None) -> Response:
    found = services.workers.newest(SliceRequest(limit=_ROWS, cursor=cursor))
    view = WorkersView(
        workers=found.items,
        held_back=services.workers.held_back(),
        newest_url="/workers" if cursor else None,
        older_url=f"/workers?cursor={found.next_cursor}" if found.next_cursor else None,
        own_url=f"/workers?cursor={cursor}" if cursor else "/workers",
    )
    return render(request, "workers", "list", view)
