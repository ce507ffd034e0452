"""Fixtures of tests that capture pages with a real browser."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scene.launch.discovery import Discovery, NoBrowser
from scene_runner.protocol import BrowserChoice
from tests.runner.pages import Pages
from tests.runner.program import Captured, RunnerProgram, make_job

Capture = Callable[..., Captured]


@pytest.fixture(scope="session")
def choice() -> BrowserChoice:
    """This machine's Chromium: without one the tests are skipped at home and fail in CI."""
    try:
        return Discovery({}, sandbox=os.geteuid() != 0).choose("chromium")
    except NoBrowser as missing:
        if "CI" in os.environ:
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    with Pages() as pages:
        yield pages


@pytest.fixture(scope="session")
def runner(choice: BrowserChoice) -> Iterator[RunnerProgram]:
    """One runner for all tests: whatever a page did, the next job must work."""
    runner = RunnerProgram(choice)
    yield runner
    assert runner.end() == 0


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
