"""A real container engine with the real image of runners."""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from scene.egress.proxy import Egress
from scene.launch.docker.engine import Engine, EngineError
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.docker.options import ContainerOptions, PoolOptions
from scene.launch.selection import stale
from scene.settings import ServerSettings

_numbers = itertools.count(1)


class ContainerEngine:
    """Makes launchers, each as if of a Scene of its own."""

    def __init__(self, engine: Engine, image: str, stack: ExitStack) -> None:
        self.engine = engine
        self.image = image
        self._stack = stack

    def options(self, **changes: Any) -> ContainerOptions:
        number = next(_numbers)
        given = {"owner": f"test{os.getpid()}-{number}", "instance": "one", "memory_mb": 1_024, **changes}
        return ContainerOptions(image=self.image, **given)

    def launcher(
        self,
        *,
        loopback: bool = True,
        engine: Engine | None = None,
        pool: PoolOptions | None = None,
        limits: dict[str, float] | None = None,
        **changes: Any,
    ) -> DockerLauncher:
        """Closed at the end of the session, when it has not been before."""
        egress = Egress(loopback=loopback)
        launcher = DockerLauncher(engine or self.engine, self.options(**changes), egress, pool, **(limits or {}))
        self._stack.callback(egress.close)
        self._stack.callback(launcher.close)
        return launcher

    def busy(self, launcher: DockerLauncher) -> dict[str, Any]:
        """What the engine knows of the one container of a launcher that carries out a job."""
        (name,) = launcher.busy()
        inspected: dict[str, Any] = self.engine.client.inspect_container(name)
        return inspected

    def execute(self, container: str, script: str) -> str:
        """What a script says in a container, errors included; run as the user that is in it."""
        started = self.engine.client.exec_create(container, ["sh", "-c", script], user="10001")
        said: bytes = self.engine.client.exec_start(started)
        return said.decode(errors="replace").strip()

    def left(self, launcher: DockerLauncher, seconds: float = 60) -> list[str]:
        """The names of a launcher's containers that are still there after a while."""
        deadline = time.monotonic() + seconds
        while (names := self.of(launcher)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return names

    def of(self, launcher: DockerLauncher) -> list[str]:
        """The names of a launcher's containers, whatever they do."""
        return [found.name for found in self.engine.containers() if found.owner == launcher.options.owner]


@contextmanager
def container_engine() -> Iterator[ContainerEngine]:
    image = ServerSettings().runner_image
    try:
        engine = Engine()
        problem = "It is of another version of this checkout." if stale(engine.image(image)) else ""
    except EngineError as error:
        problem = str(error)
    if problem:
        said = f"{image}: {problem} Start an engine, and build the image with `scene runner build`."
        if "CI" in os.environ:
            pytest.fail(said)
        pytest.skip(said)
    with ExitStack() as stack:
        stack.callback(engine.close)
        yield ContainerEngine(engine, image, stack)
