"""Tasks over REST."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import DryRunBody, TaskBody
from scene.api.schemas import ListOf, TaskChanges
from scene.domain.catalog import Task
from scene.domain.runs import Run

router = APIRouter(prefix="/api", tags=["tasks"])


@router.post("/projects/{project_id}/tasks", status_code=201, summary="Create a task")
def create_task(project_id: str, draft: TaskBody, services: ServicesDep, by: ActorDep, response: Response) -> Task:
    task = services.tasks.create(project_id, draft, by)
    tag(response, task)
    return task


@router.get("/projects/{project_id}/tasks", summary="The tasks of a project, newest first")
def list_tasks(project_id: str, services: ServicesDep, request: SliceDep) -> ListOf[Task]:
    return ListOf.of(services.tasks.newest(services.projects.get(project_id).id, request))


@router.get("/tasks/{task_id}", summary="One task")
def get_task(task_id: str, services: ServicesDep, response: Response) -> Task:
    task = services.tasks.get(task_id)
    tag(response, task)
    return task


@router.patch("/tasks/{task_id}", summary="Change some fields of a task")
def update_task(
    task_id: str,
    changes: TaskChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> Task:
    task = services.tasks.update(task_id, changes, version, by)
    tag(response, task)
    return task


@router.post("/tasks/{task_id}/dry-run", status_code=201, summary="Try a task: one execution, of which nothing is kept")
def start_dry_run(task_id: str, draft: DryRunBody, services: ServicesDep, by: ActorDep) -> Run:
    """Follow it like any run, by its id. It is in no list, told to no webhook, and gone after a day."""
    return services.dry_runs.start(task_id, draft, by)


@router.delete("/tasks/{task_id}", status_code=204, summary="Delete a task")
def delete_task(task_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.tasks.delete(task_id, version, by)
