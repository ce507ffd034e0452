"""Two real runners on the corpus."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from scene_runner.protocol import BrowserChoice
from tests.corpus.files import film
from tests.corpus.server import Corpus
from tests.runner.program import Captured, RunnerProgram, make_job
from tests.support.browsers import browser_here

RUNNERS = 2
CaptureAll = Callable[..., list[Captured]]


@pytest.fixture(scope="session")
def choice() -> BrowserChoice:
    return browser_here("chromium")


@pytest.fixture(scope="session")
def corpus(choice: BrowserChoice) -> Iterator[Corpus]:
    with ThreadPoolExecutor(1) as alone:  # Playwright runs once in a thread
        recorded = alone.submit(film, choice.executable).result()
    with Corpus(recorded) as corpus:
        yield corpus


@pytest.fixture(scope="session")
def runners(choice: BrowserChoice) -> Iterator[Queue[RunnerProgram]]:
    started = [RunnerProgram(choice) for _ in range(RUNNERS)]
    free: Queue[RunnerProgram] = Queue()
    for runner in started:
        free.put(runner)
    yield free
    for runner in started:
        runner.end()


@pytest.fixture
def capture_all(corpus: Corpus, runners: Queue[RunnerProgram], tmp_path: Path) -> CaptureAll:
    """``capture_all("lazy", [{}, {"task_js": ...}])`` captures a page once for each of the options."""

    def capture(name: str, options: dict[str, Any]) -> Captured:
        runner = runners.get()
        try:
            return runner.run(make_job(corpus.page(name), tmp_path, **({"viewport_width": 520} | options)))
        finally:
            runners.put(runner)

    def capture_all(name: str, jobs: list[dict[str, Any]]) -> list[Captured]:
        with ThreadPoolExecutor(RUNNERS) as pool:
            return list(pool.map(lambda options: capture(name, options), jobs))

    return capture_all
