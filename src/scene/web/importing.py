"""The dialog that imports reference pictures as a baseline: what it sends goes to the REST interface."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from scene.api.deps import ServicesDep
from scene.web.choices import all_of
from scene.web.forms import Form
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class ImportView:
    batches: list[tuple[str, str]]
    form: Form
    most_mb: int


@router.get("/projects/{project_id}/baselines/import")
def show_import(project_id: str, services: ServicesDep, batch: str | None = None) -> HTMLResponse:
    """batch: the one that is chosen at first."""
    batches = [(each.id, each.name) for each in all_of(services, services.batches, project_id)]
    form = Form(values={"batch": batch, "line": "main"})
    view = ImportView(batches, form, services.importing.most_bytes // 1_000_000)
    return render_fragment("importing/dialog.html", view)
