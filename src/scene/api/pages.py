"""Pages over REST."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import PageBody
from scene.api.schemas import ListOf, PageChanges
from scene.domain.catalog import Page

router = APIRouter(prefix="/api", tags=["pages"])


@router.post("/projects/{project_id}/pages", status_code=201, summary="Create a page")
def create_page(project_id: str, draft: PageBody, services: ServicesDep, by: ActorDep, response: Response) -> Page:
    page = services.pages.create(project_id, draft, by)
    tag(response, page)
    return page


@router.get("/projects/{project_id}/pages", summary="The pages of a project, newest first")
def list_pages(project_id: str, services: ServicesDep, request: SliceDep) -> ListOf[Page]:
    return ListOf.of(services.pages.newest(services.projects.get(project_id).id, request))


@router.get("/pages/{page_id}", summary="One page")
def get_page(page_id: str, services: ServicesDep, response: Response) -> Page:
    page = services.pages.get(page_id)
    tag(response, page)
    return page


@router.patch("/pages/{page_id}", summary="Change some fields of a page")
def update_page(
    page_id: str,
    changes: PageChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Page:
    page = services.pages.update(page_id, changes, version, by)
    tag(response, page)
    return page


@router.delete("/pages/{page_id}", status_code=204, summary="Delete a page")
def delete_page(page_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.pages.delete(page_id, version, by)
