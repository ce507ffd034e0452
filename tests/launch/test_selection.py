"""Which launcher a server takes, and what it says of that."""

from pathlib import Path

import pytest

from scene.errors import SetupError
from scene.launch.selection import choose
from scene.settings import ServerSettings
from tests.support.engine import ContainerEngine


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_executions_are_processes_and_it_is_said_why() -> None:
    chosen = choose(ServerSettings(launcher="auto"))
    chosen.launcher.close()
    assert chosen.launcher.name == "process"
    assert "The container engine does not answer" in chosen.detail


@pytest.mark.usefixtures("no_engine")
def test_an_engine_that_is_asked_for_must_be_there() -> None:
    with pytest.raises(SetupError, match=r"SCENE_LAUNCHER is docker: The container engine does not answer"):
        choose(ServerSettings(launcher="docker"))


@pytest.mark.xdist_group("docker")
def test_an_engine_without_the_image_is_not_taken(containers: ContainerEngine) -> None:
    chosen = choose(ServerSettings(launcher="auto", runner_image="scene-runner:none"))
    chosen.launcher.close()
    assert chosen.launcher.name == "process"
    assert "has no image scene-runner:none. Build it with `scene runner build`" in chosen.detail
    with pytest.raises(SetupError, match="has no image scene-runner:none"):
        choose(ServerSettings(launcher="docker", runner_image="scene-runner:none"))


@pytest.mark.xdist_group("docker")
def test_an_engine_with_the_image_is_taken(containers: ContainerEngine, tmp_path: Path) -> None:
    chosen = choose(ServerSettings(launcher="auto", data_dir=tmp_path, warm_runners=0))
    chosen.launcher.close()
    assert chosen.launcher.name == "docker"
    assert containers.image in chosen.detail
    assert "Chromium's sandbox is on" in chosen.detail
