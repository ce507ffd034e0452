"""The forms of a task."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Page, Task, TaskDraft
from scene.domain.options import CompareWith
from scene.domain.records import Actor
from scene.domain.runs import DryRunDraft
from scene.domain.settings import ViewportPreset
from scene.domain.viewport import Browser
from scene.errors import Invalid
from scene.web.action_editor import ActionEditor
from scene.web.action_rows import read_actions, write_actions
from scene.web.answers import refused, saved
from scene.web.choices import all_of
from scene.web.editing import Document, Noun, add_forms
from scene.web.forms import read_json, without_defaults
from scene.web.task_matrix import MatrixView

router = APIRouter(include_in_schema=False)


@router.post("/tasks/{task_id}/dry-run")
def start_dry_run(task_id: str, services: ServicesDep, by: ActorDep) -> Response:
    """In the task's first browser and viewport."""
    try:
        run = services.dry_runs.start(task_id, DryRunDraft(), by)
    except Invalid as error:
        return refused(error.message)
    return saved(f"The dry run of {run.batch_name} was started.", run.url)


@dataclass(frozen=True)
class _Choices:
    pages: list[Page]
    browsers: list[Browser]
    presets: list[ViewportPreset]
    compare_with: list[tuple[str, str]]
    actions: ActionEditor

    def matrix(self, values: Document) -> MatrixView:
        return MatrixView.of(values)


_COMPARE_WITH = [
    (CompareWith.BOTH.value, "Baseline, and reference page where there is one"),
    (CompareWith.BASELINE.value, "Baseline only"),
    (CompareWith.REFERENCE.value, "Reference page, which then decides"),
]


def _choices(services: Services, project_id: str, _: object) -> _Choices:
    settings = services.configuration.get()
    return _Choices(
        all_of(services, services.pages, project_id),
        settings.available_browsers,
        settings.viewport_presets,
        _COMPARE_WITH,
        ActionEditor.of("task_actions"),
    )


def _create(services: Services, project_id: str, draft: TaskDraft, by: Actor) -> Task:
    return services.tasks.create(project_id, draft, by)


def _read(document: Document) -> None:
    document.setdefault("browsers", [])
    document.setdefault("viewports", [])
    read_actions(document, "task_actions")
    read_json(document, "capture", "policy")


def _write(document: Document) -> None:
    write_actions(document, "task_actions")
    without_defaults(document, TaskDraft, "capture", "policy")


def _goes_with_it(services: Services, task_id: str) -> str:
    belongings = services.belonging.of_task(task_id)
    told = [f"It is taken out of {belongings.told('batches')}."] if belongings.batches else ["It is in no batch."]
    if belongings.quarantines:
        told.append(f"Deleted with it: {belongings.told('quarantines')}.")
    return " ".join([*told, "Runs and baselines keep the pictures that they have of it."])


add_forms(
    router,
    Noun[Task](
        word="task",
        plural="tasks",
        draft_type=TaskDraft,
        service=lambda services: services.tasks,
        create=_create,
        goes_with_it=_goes_with_it,
        fields=frozenset(
            {
                "name",
                "page_id",
                "browsers",
                "viewports",
                "targets",
                "task_actions",
                "task_js",
                "compare_with",
                "capture",
                "policy",
            }
        ),
        project_of=lambda task: task.project_id,
        read=_read,
        write=_write,
        choices=_choices,
        start={"browsers": ["chromium"], "viewports": [{"width": 1280, "height": 800}], "targets": [{"kind": "full"}]},
    ),
    created_below="/projects/{project_id}/tasks",
)
