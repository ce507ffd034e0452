"""The promise of a store for what would go with something that is deleted."""

from typing import Protocol

from scene.domain.belongings import Belongings


class Belonging(Protocol):
    """How much belongs to something; nothing where there is no such thing."""

    def of_project(self, project_id: str) -> Belongings: ...

    def of_page(self, page_id: str) -> Belongings:
        """The tasks that use it."""
        ...

    def of_task(self, task_id: str) -> Belongings:
        """The batches that it is in, and what of it is in quarantine."""
        ...

    def of_batch(self, batch_id: str) -> Belongings: ...

    def of_run(self, run_id: str) -> Belongings:
        """Its executions, and the baselines that were made of it."""
        ...
