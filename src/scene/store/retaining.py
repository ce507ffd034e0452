"""The promise of a store for retention."""

from typing import Protocol

from scene.domain.records import Actor
from scene.domain.retention import Going, RetentionPlan, RetentionPolicy


class Retention(Protocol):
    """Old runs and baselines. What is active, current, pinned, used, to be decided on, or evidence of a quarantine
    stays; a picture stays while anything shows it."""

    def plan(self, project_id: str, policy: RetentionPolicy, listed: int | None) -> RetentionPlan:
        """What exceeds a limit now, oldest first, at most so many named (none: all). Raises NotFound (project)."""
        ...

    def drop(self, going: Going, by: Actor) -> bool:
        """Delete one of these, with an audit entry that says why. False, and nothing is changed, when it is gone or
        something needs it by now."""
        ...

    def limited(self) -> list[str]:
        """Ids of the projects that have a limit."""
        ...
