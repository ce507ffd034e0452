"""The forms of a quarantine: from what is looked at, or from the list of all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.quarantines import KEY, Quarantine, QuarantineDraft
from scene.domain.records import Actor
from scene.domain.runs import Execution
from scene.web.choices import all_of
from scene.web.editing import Document, Noun, add_forms
from scene.web.viewer_models import target_words

router = APIRouter(include_in_schema=False)

_AT_FIRST = timedelta(days=14)
"""How long the form of a new one proposes."""


@dataclass(frozen=True)
class _Choices:
    """Of all tasks of the project; what does not belong together is told by field."""

    tasks: list[tuple[str, str]]
    browsers: list[tuple[str, str]]
    viewport_keys: list[tuple[str, str]]
    targets: list[tuple[str, str]]


def _choices(services: Services, project_id: str, _: object) -> _Choices:
    tasks = all_of(services, services.tasks, project_id)
    viewports = {view.key: view.name for task in tasks for view in task.viewports}
    return _Choices(
        [(task.id, task.name) for task in tasks],
        [(browser, browser) for browser in sorted({str(each) for task in tasks for each in task.browsers})],
        [(key, f"{key} ({name})" if name else key) for key, name in sorted(viewports.items())],
        [(key, target_words(key)) for key in sorted({target.key for task in tasks for target in task.targets})],
    )


def _begin(by: Actor) -> Document:
    until = (datetime.now(UTC) + _AT_FIRST).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"expires_at": _typed(until), "owner": by.label if by.type == "user" else ""}


def _create(services: Services, project_id: str, draft: QuarantineDraft, by: Actor) -> Quarantine:
    return services.quarantines.create(project_id, draft, by)


def _read(document: Document) -> None:
    """A browser's field of a time knows no zone; its label says that it is UTC."""
    if isinstance(until := document.get("expires_at"), str):
        document["expires_at"] = f"{until}Z"


def _write(document: Document) -> None:
    document["expires_at"] = _typed(datetime.fromisoformat(document["expires_at"]))


def _typed(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


_forms = add_forms(
    router,
    Noun[Quarantine](
        word="quarantine",
        plural="quarantines",
        draft_type=QuarantineDraft,
        service=lambda services: services.quarantines,
        create=_create,
        goes_with_it=lambda *_: "What ends from now on counts again. What was captured meanwhile stays as it is.",
        fields=frozenset(QuarantineDraft.model_fields) - set(KEY),
        project_of=lambda quarantine: quarantine.project_id,
        read=_read,
        write=_write,
        choices=_choices,
        begin=_begin,
        ends=("Lift", "lifted"),
    ),
    created_below="/projects/{project_id}/quarantines",
)


@router.get("/screenshots/{screenshot_id}/quarantine")
def show_of_screenshot(screenshot_id: str, services: ServicesDep, by: ActorDep) -> Response:
    shot = services.history.screenshot(screenshot_id)
    execution = services.history.execution(shot.execution_id).execution
    return _show(services, execution, by, {"target": shot.target})


@router.get("/executions/{execution_id}/quarantine")
def show_of_execution(execution_id: str, services: ServicesDep, by: ActorDep) -> Response:
    return _show(services, services.history.execution(execution_id).execution, by, {})


@router.get("/tasks/{task_id}/quarantine")
def show_of_task(task_id: str, services: ServicesDep, by: ActorDep) -> Response:
    task = services.tasks.get(task_id)
    return _forms.show_new(services, by, task.project_id, {"task_id": task.id})


def _show(services: Services, execution: Execution, by: Actor, narrower: Document) -> Response:
    """Raises NotFound when the task is gone: nothing of it is captured any more."""
    task = services.tasks.get(execution.task_id)
    values = {"task_id": task.id, "browser": execution.browser, "viewport_key": execution.viewport.key}
    return _forms.show_new(services, by, task.project_id, values | narrower)
