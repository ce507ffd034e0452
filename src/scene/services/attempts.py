"""Carry out one attempt of an execution: capture, keep, compare, record."""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from scene.artifacts.base import ArtifactStore
from scene.domain.pictures import Artifact, ArtifactType, Blob, ComparisonKind
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.verdict import worst
from scene.errors import NotFound, SceneError, SecretUnreadable, StorageError
from scene.launch.base import Ending, Launcher, Outcome
from scene.queue.base import Queue
from scene.services import capturing
from scene.services.comparisons import new_artifact
from scene.services.dispatch import dispatch
from scene.services.judging import Judging
from scene.services.signing_in import NotSignedIn, SigningIn
from scene.services.stopwatch import Stopwatch
from scene.store.base import AttemptOutcome, CapturedScreenshot, Store, Work
from scene_runner.protocol import Json

log = structlog.get_logger(__name__)

_RECORD_TRIES = 5
_LOG_BYTES = 100_000
_STATS = "stats.json"


class Attempts:
    """No transaction is open while a page is captured, a file is stored or pictures are compared."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        artifacts: ArtifactStore,
        launcher: Launcher,
        judging: Judging,
        signing_in: SigningIn,
        *,
        work_dir: Path,
        lease_seconds: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._queue = queue
        self._artifacts = artifacts
        self._launcher = launcher
        self._judging = judging
        self._signing_in = signing_in
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
        except (StorageError, NotFound, SecretUnreadable) as error:
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
        job = self._signing_in.sign_in(work, capturing.capture_job(work, folder))
        if work.snapshot.auth_profile is not None:
            watch.lap("sign_in")
        if isinstance(job, NotSignedIn):
            return self._not_signed_in(work, job, watch)
        outcome = capturing.covered(self._launcher.run(work.execution.browser, job, _log_event), job)
        watch.lap("capture")
        if outcome.ending is Ending.KILLED:
            return None
        failure = capturing.failure(outcome)
        screenshots: list[CapturedScreenshot] = []
        if failure is None and outcome.result is not None:
            screenshots = self._judging.judge(work, outcome.result, folder, watch)
            if work.run.purpose is Purpose.BASELINE_RECORDING:
                failure = capturing.unstable(screenshots)
        # An execution that shows nothing keeps no files: its pictures are the baseline's, its steps are in the store.
        verdicts = {comparison.verdict for shot in screenshots for comparison in shot.comparisons}
        unchanged = worst(shot.verdict for shot in screenshots) is Verdict.UNCHANGED
        shows_nothing = failure is None and unchanged and verdicts == {Verdict.UNCHANGED}
        artifacts = [] if shows_nothing else self._files(work, outcome, folder)
        watch.lap("files")
        reason, message = failure or (None, "")
        return AttemptOutcome(
            status=Status.FAILED if failure else Status.FINISHED,
            reason=reason,
            message=message,
            exit_code=outcome.exit_code,
            duration_ms=watch.total_ms,
            steps=capturing.steps(outcome.result),
            interventions=capturing.interventions(outcome.result),
            unloaded=outcome.result.unloaded if outcome.result else [],
            timings_ms=watch.parts,
            screenshots=screenshots,
            artifacts=artifacts,
        )

    def _not_signed_in(self, work: Work, refused: NotSignedIn, watch: Stopwatch) -> AttemptOutcome | None:
        """With the steps and files of the login task, where this attempt carried it out."""
        login, folder = refused.login, refused.folder
        if login is None or folder is None:
            return _failed(refused.reason, refused.message, watch)
        if login.ending is Ending.KILLED:
            return None
        return replace(
            _failed(refused.reason, refused.message, watch),
            exit_code=login.exit_code,
            steps=capturing.steps(login.result),
            artifacts=self._files(work, login, folder),
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
        for kind in ComparisonKind:
            for stats in sorted(folder.glob(f"*.{kind}/{_STATS}")):
                name = _STATS if kind is ComparisonKind.BASELINE else f"{kind}-{_STATS}"
                files.append(kept(self._artifacts.put_file(stats), ArtifactType.STATS, name, "application/json"))
        return files


def _failed(reason: Reason, message: str, watch: Stopwatch) -> AttemptOutcome:
    return AttemptOutcome(
        status=Status.FAILED, reason=reason, message=message, duration_ms=watch.total_ms, timings_ms=watch.parts
    )


def _log_event(event: Json) -> None:
    log.debug("runner_event", **{key: value for key, value in event.items() if key != "event"}, name=event.get("event"))
