"""Carry out one attempt of an execution: capture, keep, compare, record."""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from scene.artifacts.base import ArtifactStore
from scene.domain.status import Reason, Status, Verdict
from scene.domain.verdict import worst
from scene.errors import NotFound, SceneError, SecretUnreadable, StorageError
from scene.launch.base import Ending, Launcher
from scene.queue.base import Queue
from scene.services import capturing
from scene.services.dispatch import dispatch
from scene.services.evidence import Evidence
from scene.services.filming import Filming
from scene.services.judging import Judging
from scene.services.signing_in import NotSignedIn, SigningIn
from scene.services.stopwatch import Stopwatch
from scene.store.base import Store
from scene.store.values import AttemptOutcome, CapturedScreenshot, Work
from scene.telemetry import attempts as telling
from scene.telemetry import spans
from scene_runner.protocol import Json

log = structlog.get_logger(__name__)

_RECORD_TRIES = 5


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
        self._launcher = launcher
        self._judging = judging
        self._evidence = Evidence(artifacts, clock)
        self._filming = Filming(launcher, self._evidence)
        self._signing_in = signing_in
        self._work_dir = work_dir
        self._lease_seconds = lease_seconds

    def start(self, execution_id: str, attempt: int, worker: str) -> Work | None:
        """None when the attempt is no longer wanted: the job came late or twice."""
        return self._store.executions.start(execution_id, attempt, worker, self._lease_seconds)

    def carry_out(self, work: Work) -> None:
        """From capture to record. Whatever goes wrong ends in a stated reason on the attempt.

        An attempt whose runner was killed is not recorded: either it was no longer wanted, or this process is shutting
        down and the attempt is taken over.
        """
        with telling.told(work.run, work.execution):
            self._carry_out(work, Stopwatch())

    def _carry_out(self, work: Work, watch: Stopwatch) -> None:
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
                reason = str(outcome.reason or "")
                telling.tell_end(execution.browser, outcome.status, reason, outcome.duration_ms, outcome.timings_ms)
                dispatch(self._queue, admitted)
            return

    def _capture_and_compare(self, work: Work, folder: Path, watch: Stopwatch) -> AttemptOutcome | None:
        job = self._signing_in.sign_in(work, capturing.capture_job(work, folder))
        if work.snapshot.auth_profile is not None:
            watch.lap("sign_in")
        if isinstance(job, NotSignedIn):
            return self._not_signed_in(work, job, watch)
        told = capturing.StepLog(_log_event)
        began_ns = spans.ago(0)
        outcome = capturing.covered(self._launcher.run(work.execution.browser, job, told), job)
        watch.lap("capture")
        telling.tell_steps(began_ns, told.steps)
        if outcome.ending is Ending.KILLED:
            return None
        failure = capturing.failure(outcome)
        screenshots: list[CapturedScreenshot] = []
        if failure is None and outcome.result is not None:
            screenshots = self._judging.judge(work, outcome.result, folder, watch)
            failure = capturing.unstable(work, screenshots)
        shows_nothing = failure is None and _shows_nothing(screenshots)
        steps, artifacts = told.steps, self._evidence.store(work, folder, outcome, shows_nothing=shows_nothing)
        watch.lap("files")
        if not shows_nothing and (film := self._filming.film(work, job, outcome, watch)):
            watch.lap("video")
            if film.killed:
                return None
            steps, artifacts = [*steps, film.step], [*artifacts, *film.artifacts]
        reason, message = failure or (None, "")
        return AttemptOutcome(
            status=Status.FAILED if failure else Status.FINISHED,
            reason=reason,
            message=message,
            exit_code=outcome.exit_code,
            duration_ms=watch.total_ms,
            steps=steps,
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
            artifacts=self._evidence.store(work, folder, login, shows_nothing=False),
        )


def _shows_nothing(screenshots: Sequence[CapturedScreenshot]) -> bool:
    """Whether every picture is unchanged, also from that of the reference page."""
    verdicts = {comparison.verdict for shot in screenshots for comparison in shot.comparisons}
    return worst(shot.verdict for shot in screenshots) is Verdict.UNCHANGED and verdicts == {Verdict.UNCHANGED}


def _failed(reason: Reason, message: str, watch: Stopwatch) -> AttemptOutcome:
    return AttemptOutcome(
        status=Status.FAILED, reason=reason, message=message, duration_ms=watch.total_ms, timings_ms=watch.parts
    )


def _log_event(event: Json) -> None:
    log.debug("runner_event", **{key: value for key, value in event.items() if key != "event"}, name=event.get("event"))
