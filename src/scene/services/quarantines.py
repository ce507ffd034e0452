"""What is in quarantine: put in, prolonged, lifted; it also ends by itself."""

from collections.abc import Mapping

from scene.domain.quarantines import Quarantine, QuarantineDraft
from scene.domain.records import Actor
from scene.services.editing import merge
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest


class Quarantines:
    def __init__(self, store: Store) -> None:
        self._quarantines = store.quarantines

    def create(self, project_id: str, draft: QuarantineDraft, by: Actor) -> Quarantine:
        """Counts from the next execution that ends. Raises NotFound, Invalid, AlreadyQuarantined."""
        return self._quarantines.create(project_id, draft, by)

    def get(self, quarantine_id: str) -> Quarantine:
        return self._quarantines.get(quarantine_id)

    def newest(self, project_id: str | None, task_id: str | None, request: SliceRequest) -> Slice[Quarantine]:
        """Those that have expired too, until they are lifted."""
        return self._quarantines.newest(project_id, task_id, request)

    def update(
        self, quarantine_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor
    ) -> Quarantine:
        """Replace some fields. Raises Invalid, and VersionConflict when somebody else saved first."""
        current = self._quarantines.get(quarantine_id)
        draft = merge(QuarantineDraft, current, changes)
        return self._quarantines.replace(quarantine_id, draft, expected_version or current.version, by)

    def delete(self, quarantine_id: str, expected_version: int | None, by: Actor) -> None:
        """Lift it: what ends from now on counts again."""
        self._quarantines.lift(quarantine_id, expected_version, by)
