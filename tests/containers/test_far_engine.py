"""An engine on another machine: over TCP with TLS, and gone in the middle of its work."""

import gc
import time
from collections.abc import Iterator

import pytest

from scene.bootstrap import Scene
from scene.launch.base import Ending
from scene.launch.docker.engine import Engine
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.docker.options import PoolOptions
from tests.conftest import MakeScene
from tests.containers.conftest import Hanging, MakeJob, finished
from tests.support.describe import Story
from tests.support.engine import ContainerEngine
from tests.support.own_engine import OwnEngine, own_engine
from tests.support.patience import until
from tests.support.site import Site

# Where the other end goes away between connecting and shaking hands, Python's own wrap_socket leaves its socket open.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")

AWAY_SECONDS = 10
"""Longer than three attempts take of which each fails at once."""


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What Python left is collected here, not in the middle of another test."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def far(containers: ContainerEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnEngine]:
    with own_engine(tmp_path_factory.mktemp("engine"), containers.image) as engine:
        yield engine


@pytest.fixture
def launcher(containers: ContainerEngine, far: OwnEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerLauncher]:
    engine = far.client(monkeypatch)
    launcher = containers.launcher(engine=engine, pool=PoolOptions(size=1))
    yield launcher
    launcher.close()
    engine.close()


def containers_of(launcher: DockerLauncher, engine: Engine) -> set[str]:
    return {each.id for each in engine.containers() if each.owner == launcher.options.owner}


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_everything_goes_through_its_stream(launcher: DockerLauncher, job: MakeJob, site: Site, browser: str) -> None:
    """The page, which only this machine reaches, the picture and the logs."""
    captured = job("<h1>Far away</h1><img src=/picture>")
    outcome = finished(launcher, captured, browser)
    assert outcome.result is not None
    assert outcome.result.renderer is not None
    assert outcome.result.renderer.image == launcher.image.id
    assert "/picture" in site.requests


def test_a_job_there_is_killed(launcher: DockerLauncher, job: MakeJob) -> None:
    with Hanging(launcher, endless := job(wait_before_capture_ms=60_000)) as hanging:
        launcher.kill(endless.id)
        assert hanging.outcome().ending is Ending.KILLED
    assert launcher.busy() == []


def test_an_engine_that_dies_in_the_middle_is_told_apart(
    launcher: DockerLauncher, job: MakeJob, far: OwnEngine
) -> None:
    with Hanging(launcher, job(wait_before_capture_ms=60_000)) as hanging:
        far.kill()
        try:
            outcome = hanging.outcome()
            assert not launcher.ready()
        finally:
            far.start()
    assert launcher.ready()
    assert outcome.ending is Ending.ENGINE_GONE
    assert "does not answer" in outcome.message
    finished(launcher, job())


def test_who_ends_leaves_nothing_on_an_engine_that_came_back(
    containers: ContainerEngine, job: MakeJob, far: OwnEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = containers.launcher(engine=far.client(monkeypatch))
    with Hanging(launcher, job(wait_before_capture_ms=60_000)) as hanging:
        far.kill()
        try:
            assert hanging.outcome().ending is Ending.ENGINE_GONE
        finally:
            far.start()
    launcher.close()
    engine = far.client(monkeypatch)
    assert containers_of(launcher, engine) == set()
    engine.close()


@pytest.fixture
def scene(
    make_scene: MakeScene, containers: ContainerEngine, far: OwnEngine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    for name, value in far.environment.items():
        monkeypatch.setenv(name, value)
    with make_scene(launcher="docker", runner_image=containers.image, warm_runners=1) as scene:
        yield scene


def test_a_run_outlives_its_engine(story: Story, scene: Scene, far: OwnEngine, site: Site) -> None:
    """Killed while executions are under way and back after a moment: they are tried again, and nothing is left."""
    launcher = scene.launcher
    assert isinstance(launcher, DockerLauncher)
    site.pages["/slow"] = "<h1>Slow"
    site.delays["/slow"] = 2
    run = story.run(story.batch(*[story.task(story.page("/slow")) for _ in range(8)]), "baseline_recording")
    until(lambda: "/slow" in site.requests)
    far.kill()
    time.sleep(AWAY_SECONDS)
    far.start()
    run = story.wait(run, seconds=240)
    assert run["summary"]["finished"] == 8, run["summary"]
    tried = [story.get(f"/api/executions/{each['id']}")["attempts"] for each in story.executions(run)]
    reasons = [attempt["reason"] for attempts in tried for attempt in attempts]
    assert "engine_unavailable" in reasons
    assert set(reasons) == {"engine_unavailable", None}
    assert reasons.count("engine_unavailable") <= scene.settings.slots, "what waited did not pay for it"
    launcher.tidy()
    # Nobody waits for the end of the last ones, nor for the one that takes their place.
    until(lambda: containers_of(launcher, launcher.engine) == launcher.pool.ids())
