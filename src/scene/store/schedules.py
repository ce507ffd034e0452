"""The promise of a store for schedules."""

from datetime import datetime
from typing import Protocol

from scene.domain.records import Actor
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.store.values import Slice, SliceRequest


class Schedules(Protocol):
    def create(self, project_id: str, draft: ScheduleDraft, next_at: datetime | None, by: Actor) -> Schedule:
        """Raises NotFound (project), AlreadyExists (name), Invalid (``batch_id`` not of this project)."""
        ...

    def get(self, schedule_id: str) -> Schedule: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[Schedule]: ...

    def replace(
        self,
        schedule_id: str,
        draft: ScheduleDraft,
        next_at: datetime | None,
        expected_version: int | None,
        by: Actor,
    ) -> Schedule:
        """As create; also VersionConflict."""
        ...

    def delete(self, schedule_id: str, expected_version: int | None, by: Actor) -> None: ...

    def due(self, limit: int) -> list[Schedule]:
        """Those whose time has come, longest due first."""
        ...

    def advance(self, due: Schedule, next_at: datetime | None, run_id: str | None, problem: str) -> bool:
        """Record what became of a tick. False, and nothing is changed, when somebody else did or edited it."""
        ...
