"""Watch one job on one runner, and give an honest account of its end."""

import threading
import time
from dataclasses import dataclass, field, replace

from scene.launch.base import Ending, OnEvent, Outcome
from scene.launch.runner import Runner, RunnerGone
from scene_runner.protocol import CaptureJob, CaptureResult, Json, load_result

_SAMPLE_SECONDS = 0.4
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    memory_bytes: int
    """For the runner and its browser together."""
    start_seconds: float
    """Until the browser is up."""
    grace_seconds: float
    """What a runner gets past the job's own deadline, which it enforces itself."""


@dataclass
class Attempt:
    """A job and whichever runner carries it out. ``kill`` may come from any thread, also before there is a runner."""

    job: CaptureJob
    on_event: OnEvent
    limits: Limits
    killed: bool = False
    asked_to_end: bool = False
    begun: bool = False
    """Whether a runner has taken the job up."""
    _runner: Runner | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        with self._lock:
            self.killed = True
            runner = self._runner
        if runner:
            runner.kill()

    def ask_to_end(self) -> None:
        """May come from any thread, also before there is a runner."""
        with self._lock:
            self.asked_to_end = True
            if self._runner and self.begun:
                self._runner.ask_to_end(self.job.id)

    def run_on(self, runner: Runner) -> Outcome:
        """Returns once the job has ended. With any ending but RESULT the runner is of no more use."""
        with self._lock:
            self._runner = runner
            killed = self.killed
        if killed:
            runner.kill()
            return self._outcome(runner, Ending.KILLED, "The capture was killed.")
        try:
            outcome = self._carry_out(runner)
        except RunnerGone:
            ending, message = runner.death()
            outcome = self._outcome(runner, ending, message)
        finally:
            with self._lock:
                self._runner = None
        if self.killed and outcome.ending is not Ending.RESULT:
            return self._outcome(runner, Ending.KILLED, "The capture was killed.")
        return _told_apart(outcome, runner)

    def _carry_out(self, runner: Runner) -> Outcome:
        if not runner.ready and (outcome := self._wait_until_ready(runner)):
            return outcome
        runner.start_job(self.job)
        deadline = time.monotonic() + self.job.execution_timeout_ms / 1000 + self.limits.grace_seconds
        sample_at = time.monotonic() + _SAMPLE_SECONDS
        while (now := time.monotonic()) < deadline:
            if now >= sample_at:
                if outcome := self._check_memory(runner):
                    return outcome
                sample_at = time.monotonic() + _SAMPLE_SECONDS
            event = runner.next_event(min(sample_at, deadline) - now)
            if event and (result := self._take(event)):
                return self._outcome(runner, Ending.RESULT, "", result)
        runner.kill()
        seconds = self.job.execution_timeout_ms / 1000
        return self._outcome(
            runner, Ending.DEADLINE, f"The runner did not end within {seconds:g} s and did not answer; it was killed."
        )

    def _wait_until_ready(self, runner: Runner) -> Outcome | None:
        deadline = time.monotonic() + self.limits.start_seconds
        while not runner.ready:
            event = runner.next_event(deadline - time.monotonic())
            if event is None:
                runner.kill()
                message = f"{runner.choice.name} did not start within {self.limits.start_seconds:g} s."
                return self._outcome(runner, Ending.UNAVAILABLE, message)
            if event.get("event") == "unavailable":
                runner.kill()
                return self._outcome(runner, Ending.UNAVAILABLE, str(event.get("message", "")))
            runner.ready = event.get("event") == "ready"
        return None

    def _take(self, event: Json) -> CaptureResult | None:
        if event.get("event") == "result":
            try:
                result = load_result(event["result"])
            except (TypeError, KeyError, AttributeError):
                return None  # a runner that talks nonsense runs into the deadline
            return result if result.id == self.job.id else None
        if event.get("id") == self.job.id:
            self._begin()
            self.on_event(event)
        return None

    def _begin(self) -> None:
        """The runner has taken the job up: from now on it hears when it is to end."""
        with self._lock:
            if not self.begun and self.asked_to_end and self._runner:
                self._runner.ask_to_end(self.job.id)
            self.begun = True

    def _check_memory(self, runner: Runner) -> Outcome | None:
        limit = self.limits.memory_bytes
        used = runner.memory(enough=limit)
        if used <= limit:
            return None
        runner.kill()
        return self._outcome(
            runner,
            Ending.OUT_OF_MEMORY,
            f"The page needed more memory than a runner may use: {used // _MIB} MiB of {limit // _MIB} MiB.",
        )

    def _outcome(self, runner: Runner, ending: Ending, message: str, result: CaptureResult | None = None) -> Outcome:
        return Outcome(ending, message, result, exit_code=runner.exit_code(), log=runner.log())


def _told_apart(outcome: Outcome, runner: Runner) -> Outcome:
    """The kernel prefers to kill the page's process, which the runner can only see as a crash."""
    crashed = outcome.result is not None and outcome.result.reason == "crash"
    message = runner.out_of_memory() if crashed else None
    if message is None:
        return outcome
    return replace(outcome, ending=Ending.OUT_OF_MEMORY, message=message)
