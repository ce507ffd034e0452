"""What can be done with baselines: they never change."""

from collections.abc import Iterable

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.pictures import Screenshot
from scene.domain.records import Actor
from scene.store.base import Store


class Baselines:
    def __init__(self, store: Store) -> None:
        self._store = store

    def latest(self, batch_id: str, line: str) -> Baseline | None:
        """The one that runs of a line compare with, where nothing else is said."""
        return self._store.baselines.latest(batch_id, line)

    def items_of(self, screenshots: Iterable[Screenshot]) -> dict[str, BaselineItem]:
        """What these were compared with, by its id; without what was deleted since."""
        compared = (each for shot in screenshots for each in shot.comparisons)
        ids = {comparison.baseline_item_id for comparison in compared if comparison.baseline_item_id}
        return self._store.baselines.items_by_id(ids)

    def delete(self, baseline_id: str, by: Actor) -> None:
        """Raises InUse, naming who, while a run compared with it or a batch pins it."""
        self._store.baselines.delete(baseline_id, by)
