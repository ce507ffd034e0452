"""Fixtures of tests that launch runners."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from scene.launch.base import Launcher
from scene.launch.process import ProcessLauncher
from scene_runner.protocol import BrowserChoice, CaptureJob
from tests.runner.conftest import browser_name, choice, pages
from tests.runner.pages import Pages
from tests.runner.program import make_job

__all__ = ["browser_name", "choice", "pages"]

MakeJob = Callable[..., CaptureJob]
MakeLauncher = Callable[..., ProcessLauncher]
Runners = Callable[[], list[psutil.Process]]


@pytest.fixture
def make_launcher(choice: BrowserChoice) -> Iterator[MakeLauncher]:
    """Builds launchers of processes that use this machine's Chromium."""
    launchers: list[ProcessLauncher] = []

    def make(**options: Any) -> ProcessLauncher:
        executables = {"chromium": choice.executable} if choice.executable else {}
        launchers.append(ProcessLauncher(options.pop("executables", executables), **options))
        return launchers[-1]

    yield make
    for launcher in launchers:
        launcher.close()


@pytest.fixture(params=["process", pytest.param("docker", marks=pytest.mark.xdist_group("docker"))])
def launcher(request: pytest.FixtureRequest) -> Launcher:
    """Every launcher there is: all of them keep the promise of scene.launch.base."""
    if request.param == "process":
        return request.getfixturevalue("make_launcher")()
    return request.getfixturevalue("containers").launcher()


@pytest.fixture
def job(pages: Pages, tmp_path: Path) -> MakeJob:
    """``job("/normal", task_js="...")`` is a job for a page of the site."""
    return lambda path, **options: make_job(pages.url + path, tmp_path, **options)


@pytest.fixture
def runners() -> Runners:
    """``runners()`` are the runner processes started since the test began; other tests keep some of their own."""
    others = set(_runners())
    return lambda: [runner for runner in _runners() if runner not in others]


def _runners() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children():
        try:
            if "scene_runner" in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue  # it has just ended
    return found


def descendants(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
