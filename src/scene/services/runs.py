"""Start a run, and follow it."""

from pydantic import ValidationError

from scene.domain.catalog import Batch
from scene.domain.matrix import expand, snapshot
from scene.domain.records import Actor
from scene.domain.runs import ExecutionPlan, Run, RunDraft
from scene.domain.status import Purpose
from scene.errors import Invalid, NotFound
from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.store.base import Slice, SliceRequest, Store


class Runs:
    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    def create(self, draft: RunDraft, by: Actor) -> Run:
        """Expand the batch, persist everything, then start. Raises Invalid naming the field that is wrong."""
        try:
            batch, plans = self._plan(draft.batch_id)
        except NotFound as error:
            raise Invalid.field("batch_id", error.message) from None
        if not plans:
            raise Invalid.field("batch_id", f"the batch {batch.name!r} has no enabled task; add one to it first")
        run, admitted = self._store.runs.create(draft, plans, self._baseline_for(draft, batch), by)
        dispatch(self._queue, admitted)
        return run

    def get(self, run_id: str) -> Run:
        return self._store.runs.get(run_id)

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Run]:
        return self._store.runs.newest(project_id, batch_id, request)

    def _plan(self, batch_id: str) -> tuple[Batch, list[ExecutionPlan]]:
        project, batch, pairs = self._store.batches.matrix(batch_id)
        plans: list[ExecutionPlan] = []
        for task, page in pairs:
            try:
                plans += expand(task, snapshot(project, page, task))
            except ValidationError:
                raise Invalid.field(
                    "batch_id",
                    f"the page {page.name!r} has the relative URL {page.url!r}: give the project a base_url, "
                    "or the page an absolute URL",
                ) from None
        return batch, plans

    def _baseline_for(self, draft: RunDraft, batch: Batch) -> str | None:
        """The baseline named on the run; else the latest of its line, if the batch's policy wants one; else none."""
        if draft.purpose is Purpose.BASELINE_RECORDING:
            if draft.baseline_id is not None:
                raise Invalid.field("baseline_id", "a baseline_recording compares with nothing; leave it out")
            return None
        if draft.baseline_id is not None:
            try:
                baseline = self._store.baselines.get(draft.baseline_id)
            except NotFound as error:
                raise Invalid.field("baseline_id", error.message) from None
            if baseline.batch_id != batch.id:
                raise Invalid.field("baseline_id", f"this baseline is not one of the batch {batch.name!r}")
            return baseline.id
        if batch.baseline_policy.use == "none":
            return None
        latest = self._store.baselines.latest(batch.id, draft.line)
        return latest.id if latest else None
