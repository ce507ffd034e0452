"""Whether the parts that Scene stands on answer."""

from collections.abc import Callable
from dataclasses import dataclass

from scene.artifacts.base import ArtifactStore
from scene.domain.workers import Worker
from scene.errors import SceneError, StorageError
from scene.launch.base import BrowserState
from scene.queue.base import Queue
from scene.services.auth_profiles import AuthProfiles
from scene.services.webhooks import Webhooks
from scene.services.workers import Workers
from scene.store.base import Store


@dataclass(frozen=True)
class PartHealth:
    ok: bool
    detail: str


@dataclass(frozen=True)
class Health:
    ok: bool
    database: PartHealth
    artifacts: PartHealth
    queue: PartHealth
    secrets: PartHealth
    """Whether this server can decrypt every auth profile and every webhook's secret."""
    runner: PartHealth
    browsers: list[BrowserState]
    workers: list[Worker]
    """Those that were seen lately, here and elsewhere; what each carries out is told by ``/api/workers``."""


class HealthCheck:
    def __init__(
        self,
        store: Store,
        queue: Queue,
        artifacts: ArtifactStore,
        workers: Workers,
        auth_profiles: AuthProfiles,
        webhooks: Webhooks,
        executed: str,
    ) -> None:
        """executed: which launcher executions run by, and why: part of a sentence."""
        self._store = store
        self._queue = queue
        self._artifacts = artifacts
        self._workers = workers
        self._auth_profiles = auth_profiles
        self._webhooks = webhooks
        self.executed = executed

    def examine(self) -> Health:
        database = self._answers(self._store.check, self._store.place)
        artifacts = self._answers(self._artifacts.check, self._artifacts.place)
        queue = self._waiting()
        secrets = self._secrets()
        browsers, workers = self._fleet()
        available = [browser.name for browser in browsers if browser.available]
        runner = PartHealth(
            ok=bool(available),
            detail=f"{self.executed}; {', '.join(available) or 'no browser'}",
        )
        return Health(
            ok=database.ok and artifacts.ok and queue.ok and secrets.ok and runner.ok,
            database=database,
            artifacts=artifacts,
            queue=queue,
            secrets=secrets,
            runner=runner,
            browsers=browsers,
            workers=workers,
        )

    def _fleet(self) -> tuple[list[BrowserState], list[Worker]]:
        try:
            return self._workers.browsers(), list(self._workers.alive())
        except StorageError:
            return [], []

    def _secrets(self) -> PartHealth:
        try:
            found = [self._auth_profiles.unreadable(), self._webhooks.unreadable()]
        except SceneError as error:
            return PartHealth(ok=False, detail=error.message)
        return PartHealth(ok=not any(lost for lost, _ in found), detail="; ".join(said for _, said in found))

    def _waiting(self) -> PartHealth:
        try:
            return PartHealth(ok=True, detail=f"{self._queue.depth()} jobs waiting")
        except StorageError as error:
            return PartHealth(ok=False, detail=error.message)

    @staticmethod
    def _answers(check: Callable[[], None], place: str) -> PartHealth:
        try:
            check()
        except StorageError as error:
            return PartHealth(ok=False, detail=f"{place}: {error.message}")
        return PartHealth(ok=True, detail=f"{place} answers")
