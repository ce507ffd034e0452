"""The promise of a store for the settings."""

from typing import Protocol

from scene.domain.records import Actor
from scene.domain.settings import Settings, SettingsRecord
from scene.store.values import Admitted


class SettingsStore(Protocol):
    def get(self) -> SettingsRecord: ...

    def replace(
        self, settings: Settings, expected_version: int | None, by: Actor
    ) -> tuple[SettingsRecord, list[Admitted]]:
        """And admit what a higher cap allows. Raises VersionConflict, InUse when tasks use what is taken away."""
        ...
