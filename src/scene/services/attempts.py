"""Carry out one attempt of an execution: capture, keep, compare, record."""

import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from scene.artifacts.base import ArtifactStore
from scene.domain.comparison import Box
from scene.domain.model import new_id
from scene.domain.pictures import Artifact, ArtifactType, Blob
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.verdict import worst
from scene.errors import NotFound, SceneError, StorageError
from scene.launch.base import Ending, Launcher, Outcome
from scene.queue.base import Queue
from scene.services import capturing
from scene.services.comparisons import Comparisons, Observed, new_artifact
from scene.services.dispatch import dispatch
from scene.services.pictures import Pictures
from scene.store.base import AttemptOutcome, CapturedScreenshot, Store, Work
from scene_runner.protocol import Capture, CaptureResult, Json

log = structlog.get_logger(__name__)

_RECORD_TRIES = 5
_LOG_BYTES = 100_000


class Stopwatch:
    """Where the time of an attempt went, in milliseconds per part."""

    def __init__(self) -> None:
        self.started = self._last = time.perf_counter()
        self.parts: dict[str, float] = {}

    def lap(self, part: str) -> None:
        now = time.perf_counter()
        self.parts[part] = round(self.parts.get(part, 0) + (now - self._last) * 1_000, 1)
        self._last = now

    @property
    def total_ms(self) -> float:
        return round((time.perf_counter() - self.started) * 1_000, 1)


class Attempts:
    """No transaction is open while a page is captured, a file is stored or pictures are compared."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        artifacts: ArtifactStore,
        launcher: Launcher,
        comparisons: Comparisons,
        pictures: Pictures,
        *,
        work_dir: Path,
        lease_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._queue = queue
        self._artifacts = artifacts
        self._launcher = launcher
        self._comparisons = comparisons
        self._pictures = pictures
        self._work_dir = work_dir
        self._lease_seconds = lease_seconds
        self._clock = clock

    def start(self, execution_id: str, attempt: int, worker: str) -> Work | None:
        """None when the attempt is no longer wanted: the job came late or twice."""
        return self._store.executions.start(execution_id, attempt, worker, self._lease_seconds)

    def carry_out(self, work: Work) -> None:
        """From capture to record. Whatever goes wrong ends in a stated reason on the attempt.

        An attempt whose runner was killed is not recorded: either it was no longer wanted, or this process is shutting
        down and the attempt is taken over.
        """
        watch = Stopwatch()
        try:
            self._work_dir.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="attempt-", dir=self._work_dir))
        except OSError as error:
            self.record(work, _failed(Reason.STORAGE, f"No folder for the attempt's files: {error.strerror}.", watch))
            return
        try:
            outcome = self._capture_and_compare(work, folder, watch)
        except (StorageError, NotFound) as error:
            outcome = _failed(Reason.STORAGE, error.message, watch)
        except SceneError as error:
            outcome = _failed(Reason.INTERNAL, error.message, watch)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if outcome is not None:
            self.record(work, outcome)

    def abandon(self, work: Work, message: str) -> None:
        """Record an attempt that ended in a way nobody foresaw."""
        self.record(work, AttemptOutcome(status=Status.FAILED, reason=Reason.INTERNAL, message=message))

    def record(self, work: Work, outcome: AttemptOutcome) -> None:
        """Write how an attempt ended. A store that is gone for a moment is asked again while the lease lasts."""
        execution = work.execution
        for number in range(1, _RECORD_TRIES + 1):
            try:
                admitted = self._store.executions.finish(execution.id, execution.attempt, outcome)
            except StorageError:
                if number == _RECORD_TRIES:
                    raise
                time.sleep(self._lease_seconds / _RECORD_TRIES / 4 * number)
                continue
            if admitted is None:
                log.info("late_result_refused", execution=execution.id, attempt=execution.attempt)
            else:
                dispatch(self._queue, admitted)
            return

    def _capture_and_compare(self, work: Work, folder: Path, watch: Stopwatch) -> AttemptOutcome | None:
        job = capturing.capture_job(work, folder)
        outcome = self._launcher.run(work.execution.browser, job, _log_event)
        watch.lap("capture")
        if outcome.ending is Ending.KILLED:
            return None
        failure = capturing.failure(outcome)
        screenshots: list[CapturedScreenshot] = []
        if failure is None and outcome.result is not None:
            screenshots = self._screenshots(work, outcome.result, folder, watch)
        # An unchanged execution keeps no files: its pictures are the baseline's, its steps are in the store.
        unchanged = failure is None and worst(shot.verdict for shot in screenshots) is Verdict.UNCHANGED
        artifacts = [] if unchanged else self._files(work, outcome, folder)
        watch.lap("files")
        reason, message = failure or (None, "")
        return AttemptOutcome(
            status=Status.FAILED if failure else Status.FINISHED,
            reason=reason,
            message=message,
            exit_code=outcome.exit_code,
            duration_ms=watch.total_ms,
            steps=capturing.steps(outcome.result),
            timings_ms=watch.parts,
            screenshots=screenshots,
            artifacts=artifacts,
        )

    def _screenshots(
        self, work: Work, result: CaptureResult, folder: Path, watch: Stopwatch
    ) -> list[CapturedScreenshot]:
        captured = [self._screenshot(work, result, capture, folder, watch) for capture in result.captures]
        targets = {capture.target for capture in result.captures}
        missing = [
            CapturedScreenshot(id=new_id(), target=item.target, picture=None, renderer=None, verdict=Verdict.MISSING)
            for item in work.baseline_items
            if item.target not in targets
        ]
        return captured + missing

    def _screenshot(
        self, work: Work, result: CaptureResult, capture: Capture, folder: Path, watch: Stopwatch
    ) -> CapturedScreenshot:
        if result.renderer is None:
            raise StorageError("The runner's result does not say which renderer made its pictures.")
        rendered_by = capturing.renderer(result.renderer)
        screenshot_id = new_id()
        item = next((item for item in work.baseline_items if item.target == capture.target), None)
        if item is not None and item.picture.sha256 == capture.sha256:
            picture = item.picture
        else:
            picture = self._pictures.keep(capture, folder)
        watch.lap("keep")
        comparisons = []
        if item is not None:
            observed = Observed(
                work.execution.id,
                work.execution.attempt,
                screenshot_id,
                picture,
                folder / capture.file,
                rendered_by,
            )
            comparison_folder = folder / f"{capture.file}.comparison"
            comparisons = [self._comparisons.compare(observed, item, work.snapshot.policy, comparison_folder)]
        watch.lap("compare")
        verdict = worst(comparison.verdict for comparison in comparisons) or Verdict.NO_BASELINE
        area = capture.unstable_area
        return CapturedScreenshot(
            id=screenshot_id,
            target=capture.target,
            picture=picture,
            renderer=rendered_by,
            verdict=None if work.run.purpose is Purpose.BASELINE_RECORDING else verdict,
            unstable=capture.unstable,
            unstable_area=Box(x=area.x, y=area.y, width=area.width, height=area.height) if area else None,
            frames=capture.frames,
            comparisons=comparisons,
        )

    def _files(self, work: Work, outcome: Outcome, folder: Path) -> list[Artifact]:
        """What lies beside the pictures: the runner's files, its own log when it did not end by itself, the numbers."""

        def kept(blob: Blob, kind: ArtifactType, name: str, media_type: str) -> Artifact:
            execution = work.execution
            return new_artifact(
                blob,
                kind,
                name,
                media_type,
                self._clock(),
                execution_id=execution.id,
                attempt=execution.attempt,
            )

        files = [
            kept(self._artifacts.put_file(folder / extra.file), ArtifactType(extra.type), extra.file, extra.media_type)
            for extra in (outcome.result.files if outcome.result else [])
        ]
        if outcome.result is None and outcome.log:
            blob = self._artifacts.put_bytes(outcome.log[-_LOG_BYTES:].encode())
            files.append(kept(blob, ArtifactType.RUNNER_LOG, "runner.log", "text/plain"))
        files += [
            kept(self._artifacts.put_file(stats), ArtifactType.STATS, stats.name, "application/json")
            for stats in sorted(folder.glob("*.comparison/stats.json"))
        ]
        return files


def _failed(reason: Reason, message: str, watch: Stopwatch) -> AttemptOutcome:
    return AttemptOutcome(
        status=Status.FAILED, reason=reason, message=message, duration_ms=watch.total_ms, timings_ms=watch.parts
    )


def _log_event(event: Json) -> None:
    log.debug("runner_event", **{key: value for key, value in event.items() if key != "event"}, name=event.get("event"))
