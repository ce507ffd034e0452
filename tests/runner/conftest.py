"""Fixtures of tests that capture pages with a real browser."""

import os
import shutil
import subprocess
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key that nobody signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        if "CI" in os.environ:
            pytest.fail("CI needs openssl: install it")
        pytest.skip("no openssl on this machine")
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=nobody"]
    subprocess.run([*command, "-keyout", str(file), "-out", f"{file}.crt"], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file
