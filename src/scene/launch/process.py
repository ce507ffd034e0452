"""The launcher that needs nothing but a browser: runner processes on this machine."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from scene.egress.proxy import Egress
from scene.launch.attempt import Attempt, Limits
from scene.launch.base import BrowserState, Ending, OnEvent, Outcome
from scene.launch.discovery import Discovery, NoBrowser
from scene.launch.network_report import with_network
from scene.launch.placing import Placing
from scene.launch.runner_pool import RunnerPool
from scene.launch.runner_process import RunnerProcess
from scene.launch.running import Running
from scene_runner.protocol import BrowserChoice, CaptureJob

_GIB = 1024**3


class ProcessLauncher:
    """Implements Launcher. A runner serves one job at a time and is kept for the next one."""

    name = "process"

    def __init__(
        self,
        executables: Mapping[str, str] | None = None,
        *,
        egress: Egress | None = None,
        only_listed: bool = False,
        memory_limit_bytes: int = 2 * _GIB,
        jobs_per_runner: int = 200,
        idle_seconds: float = 300,
        start_seconds: float = 60,
        grace_seconds: float = 5,
    ) -> None:
        """``executables`` says for some browsers which binary to use: chromium, firefox or webkit -> path.

        egress: where pages' requests go through; none is the machine's own network. only_listed: those of projects
        with lists of hosts alone.
        """
        # Chromium refuses its own sandbox when it runs as root.
        self.sandbox = not hasattr(os, "geteuid") or os.geteuid() != 0
        self._discovery = Discovery(dict(executables or {}), sandbox=self.sandbox)
        self._limits = Limits(memory_limit_bytes, start_seconds, grace_seconds)
        self._egress = egress
        self._only_listed = only_listed
        self._pool = RunnerPool(jobs_per_runner, memory_limit_bytes // 2, idle_seconds)
        self._running = Running()

    def browsers(self) -> list[BrowserState]:
        return self._discovery.states()

    def run(self, browser: str, job: CaptureJob, on_event: OnEvent) -> Outcome:
        try:
            choice = self._discovery.choose(browser)
        except NoBrowser as missing:
            return Outcome(Ending.UNAVAILABLE, str(missing))
        if self._egress is None or (self._only_listed and not (job.allowed_hosts or job.denied_hosts)):
            return self._carry_out(job, on_event, choice)
        try:
            session = self._egress.listening_session(job)
        except OSError as error:
            return Outcome(Ending.UNAVAILABLE, f"The proxy for pages has no port: {error.strerror or error}.")
        try:
            proxied = replace(job, proxy=f"http://127.0.0.1:{session.port}")
            outcome = self._carry_out(proxied, on_event, choice)
        finally:
            session.close()
        return with_network(outcome, session, job)

    def ask_to_end(self, job_id: str) -> bool:
        return self._running.ask_to_end(job_id)

    def kill(self, job_id: str) -> None:
        self._running.kill(job_id)

    def ready(self) -> bool:
        return True

    def expect(self, browsers: Iterable[str]) -> None:
        """A process starts quickly enough when it is needed."""

    def tidy(self) -> None:
        """Runner processes end with their server."""

    def runners(self) -> dict[str, int]:
        return {"busy": len(self._running), "idle": self._pool.idle}

    def close(self) -> None:
        self._running.kill_all()
        self._pool.close()
        if self._egress is not None:
            self._egress.close()

    def _carry_out(self, job: CaptureJob, on_event: OnEvent, choice: BrowserChoice) -> Outcome:
        placing = Placing(job.id, on_event)
        attempt = Attempt(job, placing.on_event, self._limits)
        with self._running.with_(attempt):
            return self._run(attempt, choice, placing)

    def _run(self, attempt: Attempt, choice: BrowserChoice, placing: Placing) -> Outcome:
        while True:
            try:
                runner = self._pool.take(choice)
            except OSError as error:
                return Outcome(Ending.UNAVAILABLE, f"A runner process could not be started: {error.strerror or error}.")
            was_idle = runner.ready
            placing.on(f"process {runner.pid}", waited_for_it=was_idle)
            outcome: Outcome | None = None
            try:
                outcome = attempt.run_on(runner)
            finally:
                self._put_away(runner, outcome)
            # One that had died while it was idle has not touched the job; a new one has no such excuse.
            if outcome.ending is not Ending.CRASH or attempt.begun or not was_idle:
                return outcome

    def _put_away(self, runner: RunnerProcess, outcome: Outcome | None) -> None:
        """A runner whose job did not end by itself, or was left by an exception, cannot be trusted with another."""
        if outcome and outcome.ending is Ending.RESULT:
            self._pool.give_back(runner)
        else:
            runner.kill()
