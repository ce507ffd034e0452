"""What a draft of a run comes to: its executions, and the baseline that it compares with."""

from collections.abc import Callable
from typing import TypeVar

from scene.domain import reruns
from scene.domain.baselines import BaselineReason
from scene.domain.catalog import Batch, Page, Task
from scene.domain.matrix import expand, snapshot
from scene.domain.runs import Cell, ExecutionPlan, Rerun, Run, RunDraft, RunPlan
from scene.domain.status import Purpose
from scene.errors import FieldError, Invalid, NotFound
from scene.store.base import Store

T = TypeVar("T")

_INHERITED = ("line", "parent_line", "base_url", "from_reference", "variables", "jira_issue", "labels", "priority")
"""What a re-run takes from the run that it repeats, where its own draft does not say."""


class Planning:
    def __init__(self, store: Store) -> None:
        self._store = store

    def plan(self, draft: RunDraft) -> tuple[RunDraft, RunPlan]:
        """The draft with what it inherits, and its plan. Raises Invalid naming the field that is wrong."""
        cells = None
        if draft.rerun_of is not None:
            draft, cells = self._repeat(draft)
        elif draft.rerun is not None:
            raise Invalid.field("rerun", "needs rerun_of: the run whose executions are meant")
        try:
            batch, executions = self._executions(draft)
        except NotFound as error:
            raise Invalid.field("batch_id", error.message) from None
        if not executions:
            raise Invalid.field("batch_id", f"the batch {batch.name!r} has no enabled task; add one to it first")
        if cells is not None:
            executions = [plan for plan in executions if plan.cell in cells]
            if not executions:
                raise Invalid.field("rerun_of", "nothing that is to be repeated is in the batch any more")
        baseline_id, reason = self._baseline(draft, batch)
        return draft, RunPlan(executions, baseline_id, reason)

    def _repeat(self, draft: RunDraft) -> tuple[RunDraft, set[Cell]]:
        if draft.task_ids is not None:
            raise Invalid.field("task_ids", "a re-run takes its executions from the run that it repeats; leave it out")
        repeated = _known("rerun_of", self._store.runs.get, draft.rerun_of or "")
        which = draft.rerun or Rerun.FAILED
        if draft.purpose is Purpose.BASELINE_RECORDING and which is not Rerun.FAILED:
            raise Invalid.field("rerun", "a recording has no verdicts: only its failed executions can be repeated")
        complete = draft.model_copy(update=_inherited(draft, repeated) | {"rerun": which})
        reruns.check(
            complete,
            batch_id=repeated.batch_id,
            purpose=repeated.purpose,
            status=repeated.status,
            line=repeated.line,
        )
        cells = self._store.executions.cells(repeated.id, which)
        if not cells:
            raise Invalid.field("rerun_of", f"nothing in it is {which.replace('_', ' ').replace('and', 'or')}")
        return complete, cells

    def _executions(self, draft: RunDraft) -> tuple[Batch, list[ExecutionPlan]]:
        project, batch, pairs = self._store.batches.matrix(draft.batch_id)
        if draft.task_ids is not None:
            pairs = _chosen(draft.task_ids, pairs, batch)
        if draft.from_reference:
            _check_from_reference(draft, [page for _, page in pairs])
        plans: list[ExecutionPlan] = []
        defaults = self._store.settings.get().capture_defaults
        for task, page in pairs:
            profile_id = page.auth_profile_id
            frozen = snapshot(
                project,
                page,
                task,
                base_url=draft.base_url,
                variables=draft.variables,
                defaults=defaults,
                from_reference=draft.from_reference,
                auth_profile=self._store.auth_profiles.get(profile_id) if profile_id else None,
            )
            plans += expand(task, frozen)
        return batch, plans

    def _baseline(self, draft: RunDraft, batch: Batch) -> tuple[str | None, BaselineReason | None]:
        """The baseline named on the run; else the batch's policy decides."""
        if draft.purpose is Purpose.BASELINE_RECORDING:
            if draft.baseline_id is not None:
                raise Invalid.field("baseline_id", "a baseline_recording compares with nothing; leave it out")
            return None, None
        if draft.baseline_id is not None:
            baseline = _known("baseline_id", self._store.baselines.get, draft.baseline_id)
            if baseline.batch_id != batch.id:
                raise Invalid.field("baseline_id", f"this baseline is not one of the batch {batch.name!r}")
            return baseline.id, BaselineReason.NAMED
        policy = batch.baseline_policy
        if policy.use == "pinned":
            return policy.baseline_id, BaselineReason.PINNED
        if policy.use == "latest":
            for line, reason in (
                (draft.line, BaselineReason.LATEST_OF_LINE),
                (draft.parent_line, BaselineReason.LATEST_OF_PARENT_LINE),
            ):
                latest = self._store.baselines.latest(batch.id, line) if line is not None else None
                if latest is not None:
                    return latest.id, reason
        return None, BaselineReason.NONE


def _check_from_reference(draft: RunDraft, pages: list[Page]) -> None:
    if draft.purpose is not Purpose.BASELINE_RECORDING:
        raise Invalid.field("from_reference", "only a baseline_recording can be made from the reference; leave it out")
    if all(page.reference_url is None for page in pages):
        raise Invalid.field("from_reference", "no page has a reference_url; give one to at least one of them")


def _inherited(draft: RunDraft, repeated: Run) -> dict[str, object]:
    named = repeated.baseline_id if repeated.baseline_reason is BaselineReason.NAMED else None
    offered = {name: getattr(repeated, name) for name in _INHERITED} | {"baseline_id": named}
    return {name: value for name, value in offered.items() if name not in draft.model_fields_set}


def _chosen(task_ids: list[str], pairs: list[tuple[Task, Page]], batch: Batch) -> list[tuple[Task, Page]]:
    """Those of the named tasks, in the batch's order. Raises Invalid, naming every entry that is wrong."""
    enabled = {task.id for task, _ in pairs}
    wrong: list[FieldError] = []
    for index, task_id in enumerate(task_ids):
        if task_id not in enabled:
            wrong.append(FieldError(f"task_ids[{index}]", f"is not an enabled task of the batch {batch.name!r}"))
        elif task_id in task_ids[:index]:
            wrong.append(FieldError(f"task_ids[{index}]", "names a task a second time"))
    if wrong:
        raise Invalid("; ".join(f"{error.field}: {error.message}" for error in wrong[:5]), fields=tuple(wrong))
    return [(task, page) for task, page in pairs if task.id in task_ids]


def _known(field: str, get: Callable[[str], T], entity_id: str) -> T:
    try:
        return get(entity_id)
    except NotFound as error:
        raise Invalid.field(field, error.message) from None
