"""The promise of a store for baselines. How new ones are made of older ones is in reviewing."""

from collections.abc import Collection
from typing import Protocol

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.records import Actor
from scene.store.values import Slice, SliceRequest


class Baselines(Protocol):
    def get(self, baseline_id: str) -> Baseline: ...

    def newest(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]: ...

    def items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        """In the order in which they were recorded."""
        ...

    def items_by_id(self, ids: Collection[str]) -> dict[str, BaselineItem]:
        """Those of the items that there are."""
        ...

    def latest(self, batch_id: str, line: str) -> Baseline | None: ...

    def latest_of_task(self, task_id: str) -> Baseline | None:
        """The newest of the line ``main`` that has pictures of the task, among the batches that the task is in."""
        ...

    def delete(self, baseline_id: str, by: Actor) -> None:
        """Raises NotFound, InUse while a batch pins it or a run is there that compared with it."""
        ...
