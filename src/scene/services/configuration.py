"""The settings: read, and changed while everything runs."""

from collections.abc import Mapping

from scene.domain.records import Actor
from scene.domain.settings import Settings, SettingsRecord
from scene.queue.base import Queue
from scene.services.dispatch import dispatch
from scene.services.editing import merge
from scene.store.base import Store


class Configuration:
    def __init__(self, store: Store, queue: Queue) -> None:
        self._store = store
        self._queue = queue

    def get(self) -> SettingsRecord:
        return self._store.settings.get()

    def update(self, changes: Mapping[str, object], expected_version: int | None, by: Actor) -> SettingsRecord:
        """Replace some settings; a higher concurrency starts more at once.

        Raises Invalid naming the fields, VersionConflict when somebody else saved first, and InUse naming the tasks
        that use a browser or a viewport that would be taken away.
        """
        current = self._store.settings.get()
        draft = merge(Settings, current, changes)
        changed, admitted = self._store.settings.replace(draft, expected_version or current.version, by)
        dispatch(self._queue, admitted)
        return changed
