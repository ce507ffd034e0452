"""What is kept of an attempt beside its pictures: which files are asked of the runner, and which are stored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scene.artifacts.base import ArtifactStore
from scene.domain.evidence import EvidenceOptions, EvidencePolicy
from scene.domain.pictures import Artifact, ArtifactType, Blob, ComparisonKind
from scene.domain.status import Purpose
from scene.launch.base import Outcome
from scene.services.comparisons import new_artifact
from scene.store.values import Work
from scene_runner.protocol import CaptureJob, ExtraFile, Keep

_LOG_BYTES = 100_000
_STATS = "stats.json"
_JSON_LINES = "application/x-ndjson"
_WRITTEN_AT_ONCE = (
    ExtraFile(ArtifactType.CONSOLE, "console.jsonl", _JSON_LINES),
    ExtraFile(ArtifactType.NETWORK, "network.jsonl", _JSON_LINES),
)
"""What a runner leaves that could not say what it leaves."""


def asked(work: Work) -> dict[str, Any]:
    """The part of the job document that says what the runner records."""
    policies = work.snapshot.capture
    return {
        "trace": _keep(work, policies.trace),
        "har": _keep(work, policies.har),
        "video": policies.video is EvidencePolicy.ALWAYS,
        "console": policies.console is not EvidencePolicy.NEVER,
        "network": policies.network is not EvidencePolicy.NEVER,
    }


def _keep(work: Work, policy: EvidencePolicy) -> Keep:
    if policy is EvidencePolicy.ON_CHANGE:
        return "on_failure" if work.run.purpose is Purpose.BASELINE_RECORDING else "on_change"
    return "always" if policy is EvidencePolicy.ALWAYS else "never"


def of_login(job: CaptureJob) -> CaptureJob:
    """The job of a login task, which shows something only when it fails."""
    return replace(job, trace="never" if job.trace == "never" else "on_failure", har="never", video=False)


class Evidence:
    def __init__(self, artifacts: ArtifactStore, clock: Callable[[], datetime]) -> None:
        self._artifacts = artifacts
        self._clock = clock

    def store(self, work: Work, folder: Path, outcome: Outcome, *, shows_nothing: bool) -> list[Artifact]:
        """The files of a job's folder that are worth keeping.

        An execution that shows nothing keeps what is always to be kept, and nothing else: its pictures are the
        baseline's, its steps are in the store. Raises StorageError.
        """
        named = (
            outcome.result.files
            if outcome.result
            else [file for file in _WRITTEN_AT_ONCE if (folder / file.file).exists()]
        )
        if shows_nothing:
            kept = {name for name in EvidenceOptions.model_fields if _always(work, name)}
            return [self.store_file(work, folder, file) for file in named if file.type in kept]
        files = [self.store_file(work, folder, file) for file in named]
        if outcome.result is None and outcome.log:
            blob = self._artifacts.put_bytes(outcome.log[-_LOG_BYTES:].encode())
            files.append(self._artifact(work, blob, ArtifactType.RUNNER_LOG, "runner.log", "text/plain"))
        return files + list(self._stats(work, folder))

    def store_file(self, work: Work, folder: Path, file: ExtraFile) -> Artifact:
        """Raises StorageError."""
        blob = self._artifacts.put_file(folder / file.file)
        return self._artifact(work, blob, ArtifactType(file.type), file.file, file.media_type)

    def _stats(self, work: Work, folder: Path) -> Iterator[Artifact]:
        for kind in ComparisonKind:
            for stats in sorted(folder.glob(f"*.{kind}/{_STATS}")):
                name = _STATS if kind is ComparisonKind.BASELINE else f"{kind}-{_STATS}"
                blob = self._artifacts.put_file(stats)
                yield self._artifact(work, blob, ArtifactType.STATS, name, "application/json")

    def _artifact(self, work: Work, blob: Blob, kind: ArtifactType, name: str, media_type: str) -> Artifact:
        execution = work.execution
        return new_artifact(
            blob, kind, name, media_type, self._clock(), execution_id=execution.id, attempt=execution.attempt
        )


def _always(work: Work, name: str) -> bool:
    policy: EvidencePolicy = getattr(work.snapshot.capture, name)
    return policy is EvidencePolicy.ALWAYS
