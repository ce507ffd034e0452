"""What can be done with baselines: they never change."""

from scene.domain.records import Actor
from scene.store.base import Store


class Baselines:
    def __init__(self, store: Store) -> None:
        self._store = store

    def delete(self, baseline_id: str, by: Actor) -> None:
        """Raises InUse, naming who, while a run compared with it or a batch pins it."""
        self._store.baselines.delete(baseline_id, by)
