"""Fixtures of tests that capture pages with a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scene_runner.protocol import BrowserChoice
from tests.runner.pages import Pages
from tests.runner.program import Captured, RunnerProgram, make_job
from tests.support.browsers import browser_here

Capture = Callable[..., Captured]


in_both_browsers = pytest.mark.parametrize("browser_name", ["chromium", "firefox"], indirect=True)
"""Runs a test with this machine's Firefox too, one runner for all of them as with Chromium."""


@pytest.fixture
def browser_name(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "chromium"))


@pytest.fixture
def choice(browser_name: str) -> BrowserChoice:
    """This machine's browser: without one the tests are skipped at home and fail in CI."""
    return browser_here(browser_name)


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


@pytest.fixture(scope="session")
def runners() -> Iterator[dict[BrowserChoice, RunnerProgram]]:
    """One runner of each browser for all tests: whatever a page did, the next job must work."""
    runners: dict[BrowserChoice, RunnerProgram] = {}
    yield runners
    assert [runner.end() for runner in runners.values()] == [0] * len(runners)


@pytest.fixture
def runner(choice: BrowserChoice, runners: dict[BrowserChoice, RunnerProgram]) -> RunnerProgram:
    if choice not in runners:
        runners[choice] = RunnerProgram(choice)
    return runners[choice]


@pytest.fixture
def capture(runner: RunnerProgram, pages: Pages, tmp_path: Path) -> Capture:
    """``capture("/normal", stable_frames=3)`` captures a page of the site."""

    def capture(path: str, **options: object) -> Captured:
        url = path if "://" in path else pages.url + path
        return runner.run(make_job(url, tmp_path, **options))

    return capture
