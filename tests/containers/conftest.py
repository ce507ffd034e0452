"""Fixtures of tests that run in containers: they share one worker of pytest's, and so one engine and its memory."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scene.launch.base import Launcher, Outcome
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.docker.options import PoolOptions
from scene_runner.protocol import CaptureJob, Json
from tests.runner.program import make_job
from tests.support.engine import ContainerEngine
from tests.support.site import Site

MakeJob = Callable[..., CaptureJob]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("docker"))


@pytest.fixture(scope="session")
def launcher(containers: ContainerEngine) -> DockerLauncher:
    """One for every test that only wants a container; one or two of them wait."""
    return containers.launcher(pool=PoolOptions(size=2))


@pytest.fixture
def job(site: Site, tmp_path: Path) -> MakeJob:
    """``job("<h1>Hello", task_js="...")`` is a job for a page with this content, or for another ``url``."""

    def make(content: str = "<h1>Hello</h1>", url: str = "", **options: Any) -> CaptureJob:
        site.pages["/page"] = f"<!doctype html><title>Page</title>{content}"
        return make_job(url or f"{site.url}/page", tmp_path, **options)

    return make


def finished(launcher: Launcher, job: CaptureJob, browser: str = "chromium") -> Outcome:
    outcome = launcher.run(browser, job, lambda _: None)
    assert outcome.result is not None, outcome
    assert outcome.result.status == "finished", outcome.result.message
    return outcome


class Hanging:
    """A job that has reached a step and waits there: a context manager, which kills it at the end."""

    def __init__(self, launcher: Launcher, job: CaptureJob, step: str = "goto") -> None:
        self._launcher = launcher
        self._job = job
        self._step = step
        self._reached = threading.Event()
        self._outcomes: list[Outcome] = []
        self._thread = threading.Thread(
            target=lambda: self._outcomes.append(launcher.run("chromium", job, self._on_event))
        )

    def outcome(self) -> Outcome:
        self._thread.join(60)
        return self._outcomes[0]

    def __enter__(self) -> "Hanging":
        self._thread.start()
        assert self._reached.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._launcher.kill(self._job.id)
        self._thread.join(60)

    def _on_event(self, event: Json) -> None:
        if event.get("step", {}).get("name") == self._step:
            self._reached.set()
