"""Commands as a user runs them: processes of their own, against a Scene that is served."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.support.describe import Story
from tests.support.server import Server
from tests.support.site import Site

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("served") / "data")
    yield server
    server.stop()


@pytest.fixture
def story(server: Server, site: Site) -> Story:
    """A project on the served Scene."""
    return Story(server.client, site.url)


def scene_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scene", *arguments]


@pytest.fixture
def call() -> Call:
    """Runs ``scene`` with arguments, and with environment variables given by name."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            scene_command(*arguments),
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def scene_run(call: Call, server: Server) -> Call:
    """Runs ``scene run`` against the served Scene."""
    return lambda *arguments: call("run", *arguments, SCENE_SERVER_URL=server.url)
