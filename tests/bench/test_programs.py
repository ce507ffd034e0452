"""Every benchmark runs in its smallest form; one that downloads what it measures with, as far as its help."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.store.clusters import database
from tests.support.hosts import network

BENCH = Path(__file__).resolve().parents[2] / "bench"
SMALLEST = {
    "alignment": ("--help", None),
    "comparison": ("--help", None),
    "containers": ("--captures 2", "containers"),
    "egress": ("--help", None),
    "hosts": ("--workers 2 --pages 4 --wait 0.2 --rounds 1", "hosts"),
    "idle": ("--seconds 1", "postgres"),
    "queues": ("--rounds 1 --dispatches 2 --largest 1", "postgres"),
    "retention": ("--runs 2 --per-run 50 --baselines 2 --references --repeat 2", "postgres"),
    "store": ("--runs 20 --per-run 50 --repeat 2 --creations 2", "postgres"),
    "web": ("--runs 20 --per-run 50 --baselines 2 --repeat 2", None),
    "whole_loop": ("--help", None),
}
"""What each is given, and the fixture of what it needs."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture
def hosts(postgres: str, tmp_path: Path) -> Iterator[None]:
    with network(1, hidden=tmp_path):
        yield


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(path.stem for path in BENCH.glob("*.py")))
def test_a_benchmark_runs(name: str, request: pytest.FixtureRequest) -> None:
    assert name in SMALLEST, "a new benchmark: say here how it is run in its smallest form"
    given, needed = SMALLEST[name]
    if needed:
        request.getfixturevalue(needed)
    command = [sys.executable, BENCH / f"{name}.py", *given.split()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ("usage:" if given == "--help" else "|---|") in done.stdout
