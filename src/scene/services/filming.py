"""A video of what changed or failed: the execution is captured a second time, and only the video of that counts."""

from dataclasses import dataclass, replace
from pathlib import Path

from scene.domain.evidence import EvidencePolicy
from scene.domain.pictures import Artifact, ArtifactType
from scene.domain.runs import AttemptStep
from scene.domain.status import Purpose
from scene.launch.base import Ending, Launcher, Outcome
from scene.services import capturing
from scene.services.evidence import Evidence
from scene.services.stopwatch import Stopwatch
from scene.store.values import Work
from scene_runner.protocol import CaptureJob

_FOLDER = "video"


@dataclass(frozen=True)
class Film:
    step: AttemptStep
    """That there is a video, or why there is none."""
    artifacts: list[Artifact]
    killed: bool = False


class Filming:
    def __init__(self, launcher: Launcher, evidence: Evidence) -> None:
        self._launcher = launcher
        self._evidence = evidence

    def film(self, work: Work, job: CaptureJob, outcome: Outcome, watch: Stopwatch) -> Film | None:
        """None when no video is asked for, or when what was captured could not be captured again.

        For an execution that did not end unchanged. It takes as long as the first capture did. Raises StorageError.
        """
        on_change = work.snapshot.capture.video is EvidencePolicy.ON_CHANGE
        recorded = work.run.purpose is Purpose.BASELINE_RECORDING and capturing.failure(outcome) is None
        if not on_change or recorded or outcome.ending is not Ending.RESULT:
            return None
        started_ms = watch.total_ms
        folder = Path(job.output_dir, _FOLDER)
        folder.mkdir()
        # The same id: whoever ends the execution ends this too.
        second = replace(
            job, output_dir=str(folder), video=True, trace="never", har="never", console=False, network=False
        )
        filmed = self._launcher.run(work.execution.browser, second, lambda _: None)
        files = [file for file in (filmed.result.files if filmed.result else []) if file.type == ArtifactType.VIDEO]
        step = AttemptStep(
            name="video",
            status="ok" if files else "failed",
            started_ms=started_ms,
            duration_ms=round(watch.total_ms - started_ms, 1),
            detail="recorded in a second capture" if files else _problem(filmed),
        )
        artifacts = [self._evidence.store_file(work, folder, file) for file in files]
        return Film(step, artifacts, killed=filmed.ending is Ending.KILLED)


def _problem(filmed: Outcome) -> str:
    if filmed.result is None:
        return f"no video: {filmed.message}"
    said = (step.detail for step in filmed.result.steps if "no video" in step.detail)
    return next(said, f"no video: {filmed.result.message or 'the browser left none'}")
