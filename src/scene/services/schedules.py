"""Batches that run by themselves."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from scene.domain.records import Actor
from scene.domain.runs import Run, RunDraft
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.errors import NotFound, SceneError, StorageError
from scene.services.editing import merge
from scene.services.runs import Runs
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest

log = structlog.get_logger(__name__)

_AT_ONCE = 100
_STILL_RUNNING = "The run before it had not ended."


class Schedules:
    def __init__(self, store: Store, runs: Runs, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._schedules = store.schedules
        self._runs = runs
        self._clock = clock

    def create(self, project_id: str, draft: ScheduleDraft, by: Actor) -> Schedule:
        return self._schedules.create(project_id, draft, draft.next_after(self._clock()), by)

    def get(self, schedule_id: str) -> Schedule:
        return self._schedules.get(schedule_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Schedule]:
        return self._schedules.newest(project_id, request)

    def update(
        self, schedule_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor
    ) -> Schedule:
        """Replace some fields. Raises Invalid, and VersionConflict when somebody else saved first."""
        current = self._schedules.get(schedule_id)
        draft = merge(ScheduleDraft, current, changes)
        next_at = draft.next_after(self._clock())
        return self._schedules.replace(schedule_id, draft, next_at, expected_version or current.version, by)

    def delete(self, schedule_id: str, expected_version: int | None, by: Actor) -> None:
        self._schedules.delete(schedule_id, expected_version, by)

    def last_run(self, schedule: Schedule) -> Run | None:
        """The run that it started last, unless that was deleted."""
        try:
            return self._store.runs.get(schedule.last_run_id) if schedule.last_run_id else None
        except NotFound:
            return None

    def start_due(self) -> None:
        """Start a run for each schedule whose time has come: one, however many of its ticks were missed.

        Several servers may do so at once, and any of them may die in the middle: the tick is the idempotency key of
        its run, and only then does the schedule move on.
        """
        for schedule in self._schedules.due(_AT_ONCE):
            run_id, problem = self._start(schedule)
            if problem:
                log.warning("schedule_started_no_run", schedule=schedule.id, problem=problem)
            self._schedules.advance(schedule, schedule.next_after(self._clock()), run_id, problem)

    def _start(self, schedule: Schedule) -> tuple[str | None, str]:
        """The id of the run, or why there is none."""
        last = self.last_run(schedule)
        if last is not None and not last.status.ended:
            return None, _STILL_RUNNING
        draft = RunDraft(
            batch_id=schedule.batch_id,
            purpose=schedule.purpose,
            line=schedule.line,
            note=f"Started by the schedule {schedule.name}.",
        )
        tick = f"schedule:{schedule.id}:{schedule.version}:{schedule.next_at}"
        try:
            run, _ = self._runs.create_once(draft, Actor(type="system", id=f"schedule {schedule.name}"), tick)
        except StorageError:
            raise
        except SceneError as error:
            return None, error.message
        return run.id, ""
