"""Fixtures of tests that need a whole Scene: real database, real files, real browser."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from scene.bootstrap import Scene
from scene.domain.records import SYSTEM
from scene.launch.discovery import Discovery
from scene.server import create_app
from scene.settings import ServerSettings
from scene.store.sql import SqlStore
from tests.support.describe import Story
from tests.support.engine import ContainerEngine, container_engine
from tests.support.s3 import S3Server, s3_server
from tests.support.site import Site
from tests.support.tls import self_signed_server

MakeScene = Callable[..., Scene]

# Tests of what runs in containers say so; all others run the same on a machine with an engine and without.
os.environ["SCENE_LAUNCHER"] = "process"
# In the environment, so that the workers of xdist have the one that is printed.
os.environ.setdefault("SCENE_CORPUS_SEED", str(random.SystemRandom().randrange(1_000_000)))


def pytest_report_header() -> str:
    """What is drawn at random here, so that a failure can be had again."""
    return f"SCENE_CORPUS_SEED={os.environ['SCENE_CORPUS_SEED']}"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: most tests wait for a browser most of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """What videos are recorded with: without it their tests are skipped at home and fail in CI."""
    program = shutil.which("ffmpeg")
    if program is None:
        if "CI" in os.environ:
            pytest.fail("CI needs ffmpeg: install it")
        pytest.skip("no ffmpeg on this machine")
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A person's Chromium. One for the whole session: Playwright runs once in a thread."""
    executable = Discovery({}, sandbox=False).choose("chromium").executable
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "scene.db"
    store = SqlStore(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture
def make_scene(tmp_path: Path, sqlite_template: Path) -> Iterator[MakeScene]:
    """Builds an embedded Scene on this test's data folder; it is not started."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Scene:
            if not (tmp_path / "data").exists():
                (tmp_path / "data").mkdir()
                shutil.copy(sqlite_template, tmp_path / "data" / "scene.db")
            scene = Scene(ServerSettings(data_dir=tmp_path / "data", slots=2, imaging_workers=1, **settings))
            stack.callback(scene.close)
            return scene

        yield make


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """An embedded Scene that does not execute anything: ``start`` it for that.

    A test marked ``live`` gets the one that all such tests share, at work.
    """
    if request.node.get_closest_marker("live"):
        return request.getfixturevalue("live_scene")
    return request.getfixturevalue("make_scene")()


@pytest.fixture(scope="session")
def live_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One Scene at work for every test that does not care about the others' projects: its browsers stay warm."""
    data_dir = tmp_path_factory.mktemp("live")
    here = ["127.0.0.1"]  # where the receivers of webhooks are
    with Scene(ServerSettings(data_dir=data_dir, slots=2, imaging_workers=1, outbound_allowed_hosts=here)) as scene:
        only_once(scene)
        yield scene


def only_once(scene: Scene) -> None:
    """A page that fails does so at the first attempt, and its test need not wait for further ones."""
    scene.services.configuration.update({"attempts": 1}, None, SYSTEM)


@pytest.fixture
def client(scene: Scene) -> Iterator[TestClient]:
    """A program that talks to the REST interface."""
    app = create_app(scene.services, scene.settings)
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def containers() -> Iterator[ContainerEngine]:
    """A container engine that has the runner's image: without one its tests are skipped at home and fail in CI."""
    with container_engine() as containers:
        yield containers


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site on loopback whose pages a test sets."""
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def self_signed_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a page whose certificate nobody signed."""
    with self_signed_server(tmp_path_factory.mktemp("tls")) as url:
        yield url


@pytest.fixture
def story(client: TestClient, site: Site) -> Story:
    """A project with pages of the site, described over REST."""
    return Story(client, site.url)
