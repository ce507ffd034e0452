"""The same pages give the same pictures in containers, each used once, run after run."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scene.launch.docker.options import PoolOptions
from tests.corpus.pages import STILL
from tests.corpus.server import Corpus
from tests.runner.program import make_job
from tests.support.engine import ContainerEngine

ROUNDS = 2
SLOTS = 2


@pytest.mark.xdist_group("docker")
@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_the_corpus_in_containers(containers: ContainerEngine, corpus: Corpus, tmp_path: Path, browser: str) -> None:
    launcher = containers.launcher(pool=PoolOptions(size=SLOTS))

    def capture(name: str) -> tuple[str, str]:
        outcome = launcher.run(browser, make_job(corpus.page(name), tmp_path, viewport_width=520), lambda _: None)
        assert outcome.result is not None, outcome
        assert outcome.result.status == "finished", outcome.result.message
        return name, outcome.result.captures[0].sha256

    with ThreadPoolExecutor(SLOTS) as slots:
        captured = Counter(slots.map(capture, [*STILL] * ROUNDS))
    launcher.close()
    print(f"\n{browser}: {captured.total()} captures, each in a container of its own")
    assert captured == dict.fromkeys(captured, ROUNDS), "one digest a page"
    assert {name for name, _ in captured} == set(STILL)
