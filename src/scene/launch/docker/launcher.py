"""The launcher of containers: each used for one execution and then removed."""

import itertools
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog

from scene.egress.proxy import Egress
from scene.launch.attempt import Attempt, Limits
from scene.launch.base import BrowserState, Ending, OnEvent, Outcome
from scene.launch.docker.container import RunnerContainer
from scene.launch.docker.engine import Engine, EngineError
from scene.launch.docker.kept import Kept
from scene.launch.docker.options import ContainerOptions, PoolOptions
from scene.launch.docker.orphans import remove_orphans
from scene.launch.docker.outage import Outage
from scene.launch.docker.warm import WarmPool
from scene.launch.network_report import with_network
from scene.launch.placing import Placing
from scene.launch.running import Running
from scene_runner.protocol import BrowserChoice, CaptureJob

log = structlog.get_logger(__name__)

_BROWSERS = ("chromium", "firefox", "webkit")
_CHANNELS = {"firefox": "moz-firefox"}
"""How a distribution's own build is driven; Playwright's build needs none."""
_NO_INSTANCE = ""
"""Of which no container is: all of them are left over."""


class DockerLauncher:
    """Implements Launcher."""

    name = "docker"

    def __init__(
        self,
        engine: Engine,
        options: ContainerOptions,
        egress: Egress,
        pool: PoolOptions | None = None,
        *,
        start_seconds: float = 60,
        grace_seconds: float = 5,
    ) -> None:
        """The image must be there. Raises EngineError."""
        self.sandbox = options.sandbox
        self.image = engine.image(options.image)
        self.engine = engine
        self.options = options
        self._egress = egress
        self._limits = Limits(options.memory_bytes, start_seconds, grace_seconds)
        self._numbers = itertools.count(1)
        self._running = Running()
        self._busy: dict[str, RunnerContainer] = {}
        self._left = False
        self._outage = Outage(engine)
        self._lock = threading.Lock()
        self._removing = ThreadPoolExecutor(4, thread_name_prefix="container-removal")
        self._kept = Kept(RunnerContainer.kill)
        remove_orphans(engine, options.owner, options.instance, ())
        self.pool = WarmPool(self._start, pool or PoolOptions(size=0))

    def browsers(self) -> list[BrowserState]:
        image = f"image {self.options.image} ({self.image.id[7:19]})"
        return [
            BrowserState(name, available=True, detail=f"in the {image}")
            if name in self.image.browsers
            else BrowserState(name, available=False, detail=self._not_in_image(name))
            for name in _BROWSERS
        ]

    def run(self, browser: str, job: CaptureJob, on_event: OnEvent) -> Outcome:
        if browser not in self.image.browsers:
            return Outcome(Ending.UNAVAILABLE, self._not_in_image(browser))
        placing = Placing(job.id, on_event)
        attempt = Attempt(job, placing.on_event, self._limits)
        with self._running.with_(attempt):
            outcome = self._run(attempt, self._choice(browser, job), placing)
        if outcome.ending is Ending.ENGINE_GONE:
            self._outage.noticed()
        return outcome

    def ready(self) -> bool:
        return not self._outage.should_wait()

    def ask_to_end(self, job_id: str) -> bool:
        return self._running.ask_to_end(job_id)

    def kill(self, job_id: str) -> None:
        self._running.kill(job_id)

    def expect(self, browsers: Iterable[str]) -> None:
        for browser in browsers:
            if browser in self.image.browsers:
                self.pool.expect(self._choice(browser))

    def tidy(self) -> None:
        try:
            remove_orphans(self.engine, self.options.owner, self.options.instance, self.busy())
        except EngineError as error:  # the next round may find it
            log.warning("orphans_not_removed", error=str(error))

    def runners(self) -> dict[str, int]:
        return {"busy": len(self._running), "idle": self.pool.waiting()}

    def busy(self) -> list[str]:
        """The ids of the containers that carry out a job."""
        with self._lock:
            return [container.id for container in self._busy.values()]

    def close(self) -> None:
        self._running.kill_all()
        self._kept.close()
        self.pool.close()
        self._removing.shutdown()
        self._egress.close()
        self._leave_nothing()
        self.engine.close()

    def _leave_nothing(self) -> None:
        """An engine that was gone when a container was to be removed may be back."""
        if not self._left:
            self._left = True
            with suppress(EngineError):  # the next process of this Scene removes it
                remove_orphans(self.engine, self.options.owner, _NO_INSTANCE, ())

    def _run(self, attempt: Attempt, choice: BrowserChoice, placing: Placing) -> Outcome:
        session = self._egress.session(attempt.job)
        while True:
            warm = self._kept.take(attempt.job.group, choice) or self.pool.take(choice)
            try:
                container = warm or self._start(choice)
            except EngineError as error:
                session.close()
                return Outcome(Ending.ENGINE_GONE, str(error))
            container.serve(session)
            placing.on(f"container {container.name}", waited_for_it=warm is not None)
            with self._lock:
                self._busy[attempt.job.id] = container
            try:
                outcome = attempt.run_on(container)
            except BaseException:
                container.kill()
                session.close()
                raise
            finally:
                with self._lock:
                    del self._busy[attempt.job.id]
            container.serve(None)
            if outcome.ending is not Ending.RESULT:
                container.kill()
            elif not (self.options.reuse and self._kept.keep(attempt.job.group, container)):
                self._removing.submit(container.kill)  # nobody waits for that
            # One that had died while it waited has not touched the job; a new one has no such excuse.
            if outcome.ending is not Ending.CRASH or attempt.begun or warm is None:
                return with_network(outcome, session, attempt.job)

    def _start(self, choice: BrowserChoice) -> RunnerContainer:
        name = f"scene-{self.options.owner}-{self.options.instance}-{next(self._numbers)}"
        return RunnerContainer(self.engine, self.image.id, choice, self.options, self._egress, name)

    def _choice(self, browser: str, job: CaptureJob | None = None) -> BrowserChoice:
        """How to launch a browser for a job, or for one as most are."""
        path = self.image.browsers[browser]
        dark, less_motion = (job.color_scheme == "dark", job.reduced_motion == "reduce") if job else (False, False)
        return BrowserChoice(
            browser,
            executable=path or None,
            channel=_CHANNELS.get(browser) if path else None,
            sandbox=self.options.sandbox,
            **({"dark": dark, "less_motion": less_motion} if browser == "firefox" else {}),
        )

    def _not_in_image(self, browser: str) -> str:
        if browser not in _BROWSERS:
            return f"There is no browser named {browser}."
        how = "build one on Playwright's own image" if browser == "webkit" else "build one with it"
        return f"{browser} is not installed in the image {self.options.image}: {how} (`scene runner build`)."
