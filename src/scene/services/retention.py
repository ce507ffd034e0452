"""Let go what nobody needs any more: old runs and baselines. The sweep then removes their files."""

from collections.abc import Callable

import structlog

from scene.domain.records import Actor
from scene.domain.retention import LISTED, RetentionDone, RetentionPlan, RetentionPolicy
from scene.errors import Conflict, NotFound
from scene.store.base import Store

log = structlog.get_logger(__name__)
_BY_ITSELF = Actor(type="system", id="retention")


class Retention:
    def __init__(self, store: Store) -> None:
        self._store = store

    def preview(self, project_id: str, policy: RetentionPolicy | None = None) -> RetentionPlan:
        """What would go now, by the project's policy or another one. Raises NotFound."""
        policy = policy or self._store.projects.get(project_id).retention
        return self._store.retention.plan(project_id, policy, LISTED)

    def apply(self, project_id: str, by: Actor, stopping: Callable[[], bool] = lambda: False) -> RetentionDone:
        """Let go what exceeds the project's limits, one by one: what somebody needs by now stays.

        Raises NotFound, Conflict when nothing is limited.
        """
        policy = self._store.projects.get(project_id).retention
        if not policy.limits:
            raise Conflict("Nothing limits what this project keeps: set its retention first.")
        plan = self._store.retention.plan(project_id, policy, None)
        went = {"run": 0, "baseline": 0}
        stayed = 0
        for going in plan.going:
            if stopping():
                break
            if self._store.retention.drop(going, by):
                went[going.noun] += 1
            else:
                stayed += 1
        return RetentionDone(runs=went["run"], baselines=went["baseline"], stayed=stayed)

    def apply_everywhere(self, stopping: Callable[[], bool]) -> None:
        """Every project that has a limit; also while others do the same."""
        for project_id in self._store.retention.limited():
            try:
                done = self.apply(project_id, _BY_ITSELF, stopping)
            except (NotFound, Conflict):  # Deleted, or no longer limited, at this moment.
                continue
            if done.runs or done.baselines:
                log.info("retained", project=project_id, **done.model_dump())
