"""Try a task: one execution, in no batch, of which nothing is kept."""

from scene.domain.baselines import BaselineReason
from scene.domain.catalog import Task
from scene.domain.matrix import snapshot
from scene.domain.records import Actor
from scene.domain.runs import DryRunDraft, ExecutionPlan, Run, RunPlan
from scene.domain.viewport import Browser, Viewport
from scene.errors import FieldError, Invalid
from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.store.base import Store


class DryRuns:
    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    def start(self, task_id: str, draft: DryRunDraft, by: Actor) -> Run:
        """Compares with the newest baseline that has pictures of the task, if there is one.

        The run is read like any other, by its id, and is gone a day later. Raises NotFound, and Invalid naming the
        field that is wrong.
        """
        task = self._store.tasks.get(task_id)
        browser, viewport = _browser(task, draft), _viewport(task, draft)
        page = self._store.pages.get(task.page_id)
        profile_id = page.auth_profile_id
        try:
            frozen = snapshot(
                self._store.projects.get(task.project_id),
                page,
                task,
                base_url=draft.base_url,
                variables=draft.variables,
                defaults=self._store.settings.get().capture_defaults,
                auth_profile=self._store.auth_profiles.get(profile_id) if profile_id else None,
            )
        except Invalid as error:
            raise _of_task(error) from None
        baseline = self._store.baselines.latest_of_task(task_id)
        plan = RunPlan(
            [ExecutionPlan(snapshot=frozen, browser=browser, viewport=viewport)],
            baseline.id if baseline else None,
            BaselineReason.LATEST_OF_LINE if baseline else BaselineReason.NONE,
        )
        run, admitted, _ = self._store.runs.start_dry(task_id, draft, plan, by)
        dispatch(self._queue, admitted)
        return run


def _browser(task: Task, draft: DryRunDraft) -> Browser:
    if draft.browser is None:
        return task.browsers[0]
    if draft.browser not in task.browsers:
        raise Invalid.field("browser", f"the task has {', '.join(task.browsers)}")
    return draft.browser


def _viewport(task: Task, draft: DryRunDraft) -> Viewport:
    if draft.viewport is None:
        return task.viewports[0]
    for viewport in task.viewports:
        if draft.viewport in (viewport.key, viewport.name):
            return viewport
    raise Invalid.field("viewport", f"the task has {', '.join(each.key for each in task.viewports)}")


def _of_task(error: Invalid) -> Invalid:
    """What a run would say of its batch is said of the task."""
    renamed = {"batch_id": "task_id"}
    fields = tuple(FieldError(renamed.get(each.field, each.field), each.message) for each in error.fields)
    return Invalid("; ".join(f"{each.field}: {each.message}" for each in fields), fields=fields)
