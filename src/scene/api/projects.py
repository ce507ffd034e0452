"""Projects over REST."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import ProjectBody
from scene.api.schemas import ListOf, ProjectChanges
from scene.domain.catalog import Project

router = APIRouter(prefix="/api", tags=["projects"])


@router.post("/projects", status_code=201, summary="Create a project")
def create_project(draft: ProjectBody, services: ServicesDep, by: ActorDep, response: Response) -> Project:
    project = services.projects.create(draft, by)
    tag(response, project)
    return project


@router.get("/projects", summary="Projects, newest first")
def list_projects(services: ServicesDep, request: SliceDep) -> ListOf[Project]:
    return ListOf.of(services.projects.newest(request))


@router.get("/projects/{project_id}", summary="One project")
def get_project(project_id: str, services: ServicesDep, response: Response) -> Project:
    project = services.projects.get(project_id)
    tag(response, project)
    return project


@router.patch("/projects/{project_id}", summary="Change some fields of a project")
def update_project(
    project_id: str,
    changes: ProjectChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Project:
    project = services.projects.update(project_id, changes, version, by)
    tag(response, project)
    return project


@router.delete("/projects/{project_id}", status_code=204, summary="Delete a project")
def delete_project(project_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.projects.delete(project_id, version, by)
