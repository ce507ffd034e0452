"""The forms of a batch, and the form that starts a run of it."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from scene.api.deps import ActorDep, ServicesDep
from scene.bootstrap import Services
from scene.domain.catalog import Batch, BatchDraft, Task
from scene.domain.records import Actor
from scene.domain.runs import RunDraft
from scene.errors import Conflict, Invalid
from scene.services.editing import draft_of
from scene.web.answers import saved
from scene.web.baseline_choices import baseline_choices
from scene.web.choices import all_of
from scene.web.editing import Document, Noun, add_forms
from scene.web.forms import Form, FormDep, read_pairs
from scene.web.render import render_fragment

router = APIRouter(include_in_schema=False)

_MANY = 100
"""More executions than this are warned of."""


@dataclass(frozen=True)
class _Choices:
    tasks: list[Task]
    """All of the project, by name."""
    baseline_uses: list[tuple[str, str]]
    baselines: list[tuple[str, str]]
    """Those that can be pinned, newest first."""


_USES = [
    ("latest", "The latest of the run's line"),
    ("pinned", "One and the same, chosen below"),
    ("none", "None: every picture is new"),
]


def _choices(services: Services, project_id: str, batch: Batch | None) -> _Choices:
    pinned = batch.baseline_policy.baseline_id if batch else None
    baselines = baseline_choices(services, batch.id, pinned) if batch else []
    return _Choices(all_of(services, services.tasks, project_id), _USES if baselines else _USES[::2], baselines)


def _create(services: Services, project_id: str, draft: BatchDraft, by: Actor) -> Batch:
    return services.batches.create(project_id, draft, by)


def _read(document: Document) -> None:
    """Every task of the project has a row; those that are chosen are the batch's, in their order."""
    rows = document.pop("tasks", [])
    document["tasks"] = [
        {"task_id": row["task_id"], "enabled": row.get("enabled", "false")}
        for row in rows
        if isinstance(row, dict) and row.get("chosen") == "true" and "task_id" in row
    ]
    policy = document.get("baseline_policy")
    if isinstance(policy, dict) and policy.get("use") != "pinned":
        policy.pop("baseline_id", None)


def _write(document: Document) -> None:
    document["tasks"] = [{**entry, "chosen": "true"} for entry in document["tasks"]]


def _goes_with_it(services: Services, batch_id: str) -> str:
    belongings = services.belonging.of_batch(batch_id)
    stay = f" Its {belongings.told('tasks')} can still be used by other batches." if belongings.tasks else ""
    return f"Deleted with it: {belongings.told('runs', 'baselines', 'schedules')}, and every picture of theirs.{stay}"


add_forms(
    router,
    Noun[Batch](
        word="batch",
        plural="batches",
        draft_type=BatchDraft,
        service=lambda services: services.batches,
        create=_create,
        goes_with_it=_goes_with_it,
        fields=frozenset(
            {
                "name",
                "description",
                "tasks",
                "baseline_policy",
                "jira_issue",
                "execution_diff_threshold_percent",
                "run_diff_threshold_percent",
            }
        ),
        project_of=lambda batch: batch.project_id,
        read=_read,
        write=_write,
        choices=_choices,
    ),
    created_below="/projects/{project_id}/batches",
)


@dataclass(frozen=True)
class LaunchView:
    batch: Batch
    tasks: list[Task]
    """Enabled, in order."""
    baselines: list[tuple[str, str]]
    """Id and words, newest first."""
    form: Form
    executions: int
    """How many the run would have, of what is chosen now."""
    warnings: list[str]
    """A sentence for each browser that it would need and that is not here."""

    @property
    def policy(self) -> str:
        """What is compared with where nothing is chosen."""
        match self.batch.baseline_policy.use:
            case "pinned":
                return "The one that the batch pins"
            case "none":
                return "None: the batch says so"
            case _:
                return "The latest of the line"

    @property
    def many(self) -> bool:
        return self.executions > _MANY


@router.get("/batches/{batch_id}/run")
def show_launcher(
    batch_id: str, services: ServicesDep, purpose: str = "comparison", baseline: str | None = None
) -> Response:
    """baseline: the one that is chosen at first."""
    values = {
        "purpose": purpose,
        "line": "main",
        "task_ids": [task.id for task in _enabled(services, batch_id)],
        "baseline_id": baseline,
    }
    return render_fragment("forms/run.html", _launch_view(services, batch_id, Form(values=values)))


@router.post("/batches/{batch_id}/run/count")
def count(batch_id: str, sent: FormDep, services: ServicesDep) -> Response:
    return render_fragment("forms/_run_count.html", _launch_view(services, batch_id, Form(values=sent)))


@router.post("/batches/{batch_id}/run")
def start(batch_id: str, sent: FormDep, services: ServicesDep, by: ActorDep) -> Response:
    given = dict(sent)
    try:
        read_pairs(sent, "variables")
        if sent.get("purpose") == "baseline_recording":
            sent.pop("baseline_id", None)  # chosen before: the form hides it now
        if not sent.get("task_ids"):
            raise Invalid.field("task_ids", "choose at least one task")
        if set(sent["task_ids"]) == {task.id for task in _enabled(services, batch_id)}:
            del sent["task_ids"]  # all of them, and not a subset
        run = services.runs.create(draft_of(RunDraft, {**sent, "batch_id": batch_id}), by)
    except (Invalid, Conflict) as error:
        return render_fragment("forms/run.html", _launch_view(services, batch_id, Form.again(given, error)), 422)
    return saved(f"The run of {run.batch_name} was started.", run.url)


def _enabled(services: Services, batch_id: str) -> list[Task]:
    return [services.tasks.get(entry.task_id) for entry in services.batches.get(batch_id).tasks if entry.enabled]


def _launch_view(services: Services, batch_id: str, form: Form) -> LaunchView:
    tasks = _enabled(services, batch_id)
    chosen = set(form.value("task_ids") or [])
    wanted = [task for task in tasks if task.id in chosen]
    executions = sum(len(task.browsers) * len(task.viewports) for task in wanted)
    warnings = services.runs.cannot_launch({browser for task in wanted for browser in task.browsers})
    baselines = baseline_choices(services, batch_id, form.value("baseline_id"))
    return LaunchView(services.batches.get(batch_id), tasks, baselines, form, executions, warnings)
