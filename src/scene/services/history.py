"""What happened: executions, their pictures and files, and the baselines that came of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from scene.artifacts.base import ArtifactStore
from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.filters import EVERY_EXECUTION, ExecutionFilter, ScreenshotFilter
from scene.domain.pictures import Artifact, Screenshot
from scene.domain.progress import RunEvent
from scene.domain.runs import Attempt, ConfigurationSnapshot, Execution
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest

_SIGNED_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class ExecutionDetail:
    """One execution with everything known of it."""

    execution: Execution
    configuration: ConfigurationSnapshot
    attempts: list[Attempt]
    screenshots: list[Screenshot]
    artifacts: list[Artifact]


class History:
    def __init__(self, store: Store, artifacts: ArtifactStore, *, redirect: bool = False) -> None:
        """redirect: programs may fetch bytes from the artifact store itself."""
        self._store = store
        self._blobs = artifacts
        self._redirect = redirect

    def executions(
        self, run_id: str, request: SliceRequest, only: ExecutionFilter = EVERY_EXECUTION
    ) -> Slice[Execution]:
        """Raises NotFound when there is no such run."""
        self._store.runs.get(run_id)
        return self._store.executions.of_run(run_id, request, only)

    def changed_first(
        self, run_id: str, request: SliceRequest, only: ExecutionFilter = EVERY_EXECUTION
    ) -> Slice[Execution]:
        """The executions of a run task by task, those with a change before the others."""
        return self._store.executions.changed_first(run_id, request, only)

    def log(self, run_id: str, limit: int) -> list[RunEvent]:
        """How the attempts of a run started and ended: the newest lines, newest first."""
        return self._store.executions.log(run_id, limit)

    def execution(self, execution_id: str) -> ExecutionDetail:
        execution = self._store.executions.get(execution_id)
        return ExecutionDetail(
            execution=execution,
            configuration=self._store.executions.configuration(execution),
            attempts=self._store.executions.attempts(execution_id),
            screenshots=self.screenshots([execution_id])[execution_id],
            artifacts=self._store.artifacts.of(execution_id),
        )

    def neighbours(self, execution: Execution) -> tuple[str | None, str | None]:
        return self._store.executions.neighbours(execution)

    def screenshots(self, execution_ids: list[str]) -> dict[str, list[Screenshot]]:
        """Every id has an entry, be it an empty one."""
        found = self._store.screenshots.of(execution_ids)
        return {execution_id: found.get(execution_id, []) for execution_id in execution_ids}

    def screenshots_of_run(self, run_id: str, request: SliceRequest, only: ScreenshotFilter) -> Slice[Screenshot]:
        """Raises NotFound when there is no such run."""
        self._store.runs.get(run_id)
        return self._store.screenshots.of_run(run_id, request, only)

    def screenshot(self, screenshot_id: str) -> Screenshot:
        return self._store.screenshots.get(screenshot_id)

    def baseline(self, baseline_id: str) -> Baseline:
        return self._store.baselines.get(baseline_id)

    def baselines(self, project_id: str | None, batch_id: str | None, request: SliceRequest) -> Slice[Baseline]:
        return self._store.baselines.newest(project_id, batch_id, request)

    def baseline_items(self, baseline_id: str, request: SliceRequest) -> Slice[BaselineItem]:
        self._store.baselines.get(baseline_id)
        return self._store.baselines.items(baseline_id, request)

    def artifact(self, artifact_id: str) -> Artifact:
        return self._store.artifacts.get(artifact_id)

    def read(self, artifact: Artifact, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The artifact's bytes ``start`` to ``end`` (exclusive). Raises NotFound when its blob is gone."""
        return self._blobs.read(artifact.sha256, start, end)

    def signed_url(self, artifact: Artifact) -> str | None:
        """Where a program may fetch the bytes for a few minutes; none when Scene serves them itself.

        Raises NotFound when the blob is gone.
        """
        return self._blobs.signed_url(artifact.sha256, _SIGNED_FOR) if self._redirect else None
