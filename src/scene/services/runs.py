"""Start a run, and follow it."""

from collections.abc import Collection
from typing import Protocol

from scene.domain.filters import ExecutionFilter, RunFilter
from scene.domain.progress import RunTally
from scene.domain.records import Actor
from scene.domain.runs import Run, RunDraft
from scene.domain.viewport import Browser
from scene.launch.base import BrowserState
from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.services.planning import Planning
from scene.store.base import Store
from scene.store.values import IdempotencyKey, Slice, SliceRequest

_TALLIED = 1_000


class KnowsBrowsers(Protocol):
    def browsers(self) -> list[BrowserState]:
        """Whether each can be launched by whoever carries out executions."""
        ...


class Runs:
    def __init__(self, store: Store, queue: Queue, workers: KnowsBrowsers) -> None:
        self._store = store
        self._queue = queue
        self._workers = workers
        self._planning = Planning(store)

    def create(self, draft: RunDraft, by: Actor) -> Run:
        """Expand the batch, persist everything, then start. Raises Invalid naming the field that is wrong."""
        return self.create_once(draft, by, None)[0]

    def create_once(self, draft: RunDraft, by: Actor, idempotency_key: str | None) -> tuple[Run, bool]:
        """Create a run, or find the one that the same request with the same key made before; and whether it is new.

        Also raises IdempotencyConflict when the key was used for another request.
        """
        key = None
        if idempotency_key is not None:
            key = IdempotencyKey(idempotency_key, draft.digest_as_given())
            # Before anything is planned: since the first time the batch may have changed, or be gone.
            known = self._store.runs.made_with(key)
            if known is not None:
                return known, False
        complete, plan = self._planning.plan(draft)
        run, admitted, is_new = self._store.runs.create(complete, plan, by, key)
        dispatch(self._queue, admitted)
        return run, is_new

    def warnings(self, run: Run) -> list[str]:
        """A sentence for each browser that executions of the run need and that cannot be launched here."""
        return self.cannot_launch({browser for browser in Browser if self._needs(run, browser)})

    def cannot_launch(self, browsers: Collection[Browser]) -> list[str]:
        """A sentence for each of the browsers that is not here."""
        return [
            f"Executions in {state.name} will fail here: {state.detail}"
            for state in self._workers.browsers()
            if not state.available and Browser(state.name) in browsers
        ]

    def _needs(self, run: Run, browser: Browser) -> bool:
        found = self._store.executions.of_run(run.id, SliceRequest(limit=1), ExecutionFilter(browser=browser))
        return bool(found.items)

    def get(self, run_id: str) -> Run:
        return self._store.runs.get(run_id)

    def newest(self, only: RunFilter, request: SliceRequest) -> Slice[Run]:
        return self._store.runs.newest(only, request)

    def tally(self, only: RunFilter) -> RunTally:
        """How many of the newest runs are active, failed or changed, whatever status, verdict and issue are asked."""
        unasked = only.model_copy(update={"statuses": [], "verdicts": [], "jira_issue": None})
        return self._store.runs.tally(unasked, _TALLIED)

    def delete(self, run_id: str, by: Actor) -> None:
        """Also what it captured. Raises InUse while it is active."""
        self._store.runs.delete(run_id, by)
