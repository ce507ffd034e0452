"""How a server comes by the image of its runners, by an engine and a registry that are real."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from scene.errors import SetupError
from scene.launch.docker.engine import BROWSERS_LABEL
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.selection import choose
from scene.settings import ServerSettings
from tests.support.engine import ContainerEngine

pytestmark = pytest.mark.xdist_group("docker")

_CONFIG = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a registry of images on this machine."""
    folder = tmp_path_factory.mktemp("registry")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = shutil.which("docker-registry")
    if program is None:
        if "CI" in os.environ:
            pytest.fail("CI needs docker-registry: install it")
        pytest.skip("no docker-registry on this machine")
    config = folder / "config.yml"
    config.write_text(_CONFIG.format(folder=folder / "data", port=port))
    with subprocess.Popen([program, "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not _listens(port):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def name(registry: str, containers: ContainerEngine) -> Iterator[str]:
    """Of an image that the registry has and the engine has not."""
    name = f"{registry}/runner:{uuid4().hex[:8]}"
    client = containers.engine.client
    client.import_image_from_data(b"\0" * 10_240, *name.rsplit(":", 1), changes=[f"LABEL {BROWSERS_LABEL}=chromium="])
    assert "error" not in client.push(name)
    client.remove_image(name)
    yield name
    client.remove_image(name, force=True)


def settings(data_dir: Path, **given: str) -> ServerSettings:
    return ServerSettings.model_validate({"data_dir": data_dir, "launcher": "docker", "warm_runners": 0, **given})


def test_an_image_is_pulled_from_its_registry(name: str, tmp_path: Path) -> None:
    chosen = choose(settings(tmp_path, runner_image=name, runner_image_missing="pull"))
    chosen.launcher.close()
    assert isinstance(chosen.launcher, DockerLauncher)
    assert chosen.launcher.image.browsers == {"chromium": ""}


def test_an_image_that_no_registry_has_is_said(registry: str, containers: ContainerEngine, tmp_path: Path) -> None:
    name = f"{registry}/nothing:1"
    with pytest.raises(SetupError, match="SCENE_LAUNCHER is docker: ") as refused:
        choose(settings(tmp_path, runner_image=name, runner_image_missing="pull"))
    assert f"{registry}/nothing" in str(refused.value)


def test_an_image_is_built_when_that_is_set(containers: ContainerEngine, tmp_path: Path) -> None:
    """Quick here, since the engine has kept every step of the image that the tests use."""
    name = f"scene-runner:test-{uuid4().hex[:8]}"
    asked = settings(tmp_path, runner_image=name, runner_image_missing="build", runner_base_image="scene-base")
    chosen = choose(asked)
    chosen.launcher.close()
    assert isinstance(chosen.launcher, DockerLauncher)
    assert set(chosen.launcher.image.browsers) == {"chromium", "firefox"}
    containers.engine.client.remove_image(name, force=True)


def test_a_build_that_fails_names_its_step(registry: str, containers: ContainerEngine, tmp_path: Path) -> None:
    base = f"{registry}/base:1"
    asked = settings(tmp_path, runner_image="scene-runner:never", runner_image_missing="build", runner_base_image=base)
    with pytest.raises(SetupError, match=r"could not be built\. Step \d+/\d+ : FROM") as refused:
        choose(asked)
    assert base in str(refused.value)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
