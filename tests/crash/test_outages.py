"""What Scene stands on goes away in the middle of a run and comes back: that is said, and the run completes."""

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.model import utc_now
from scene.server import create_app
from scene.settings import ServerSettings
from scene.store.sql import database
from tests.contract.store.clusters import cluster
from tests.support.describe import Story
from tests.support.disk import small_disk
from tests.support.site import Site

PAGES = 8
LEASE_SECONDS = 6


@contextmanager
def at_work(
    folder: Path, site: Site, clock: Callable[[], datetime] = utc_now, **settings: Any
) -> Iterator[tuple[Scene, Story]]:
    """A Scene, and a project on it."""
    own = ServerSettings(data_dir=folder, slots=2, imaging_workers=1, lease_seconds=LEASE_SECONDS, **settings)
    with Scene(own, clock=clock) as scene:
        app = create_app(scene.services, own)
        with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
            yield scene, Story(client, site.url)


def begin(story: Story, site: Site) -> dict[str, Any]:
    """A run of slow pages, two of which are done."""
    for number in range(PAGES):
        site.pages[f"/{number}"], site.delays[f"/{number}"] = f"<!doctype html><h1>Page {number}</h1>", 0.7
    run = story.run(story.batch(*(story.task(story.page(f"/{number}")) for number in range(PAGES))))
    while story.get(f"/api/runs/{run['id']}")["summary"]["finished"] < 2:
        time.sleep(0.05)
    return run


def refusals(story: Story, seconds: float) -> Counter[tuple[int, str]]:
    """What a program that goes on writing is told meanwhile."""
    told: Counter[tuple[int, str]] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        body = {"name": "Another", "slug": f"another-{time.monotonic_ns()}", "description": token_hex(4_500)}
        answer = story.client.post("/api/projects", json=body)
        told[(answer.status_code, answer.json().get("code", ""))] += 1
        time.sleep(0.1)
    return told


def complete(story: Story, run: dict[str, Any]) -> list[dict[str, Any]]:
    """The executions of the run when it has ended, each carried out to its end and recorded once."""
    run = story.wait(run, seconds=120)
    executions = story.executions(run)
    assert len(executions) == run["summary"]["total"] == PAGES
    for execution in executions:
        detail = story.get(f"/api/executions/{execution['id']}")
        *earlier, last = detail["attempts"]
        assert [attempt["number"] for attempt in detail["attempts"]] == list(range(1, execution["attempt"] + 1))
        assert {attempt["reason"] for attempt in earlier} <= {"worker_lost", "storage"}
        if execution["status"] == "finished":
            assert (last["status"], len(detail["screenshots"])) == ("finished", 1)
        else:
            assert (execution["reason"], last["reason"]) == ("storage", "storage")
            assert execution["message"]
    return executions


def test_a_database_that_is_stopped_and_started_again(tmp_path: Path, site: Site) -> None:
    with cluster() as postgres, at_work(tmp_path, site, database_url=postgres.url) as (_, story):
        run = begin(story, site)
        postgres.stop()
        told = refusals(story, seconds=3)
        health = story.client.get("/health")
        postgres.start()
        assert set(told) == {(503, "storage")}
        assert (health.status_code, health.json()["database"]["ok"]) == (503, False)
        complete(story, run)


@contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    program = (
        "import sqlite3, sys\n"
        "held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n"
        "held.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate()


def test_sqlite_that_another_process_holds(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 300)
    with at_work(tmp_path, site) as (_, story):
        run = begin(story, site)
        with held_by_another_process(tmp_path / "scene.db"):
            told = refusals(story, seconds=3)
            assert story.get(f"/api/runs/{run['id']}")["status"] == "executing", "reading goes on"
        assert set(told) == {(503, "storage")}
        complete(story, run)


def test_a_disk_of_the_database_that_is_full(tmp_path: Path, site: Site) -> None:
    with (
        small_disk(tmp_path / "small", megabytes=8) as disk,
        at_work(tmp_path / "data", site, database_url=f"sqlite:///{disk.folder / 'scene.db'}") as (_, story),
    ):
        run = begin(story, site)
        disk.fill()
        told = refusals(story, seconds=4)
        assert told[(503, "storage")] > 0
        assert set(told) <= {(503, "storage"), (201, "")}, "what fitted was stored, what did not was refused"
        disk.empty()
        complete(story, run)
        assert set(refusals(story, seconds=0.1)) == {(201, "")}


def test_a_disk_of_postgresql_that_is_full(tmp_path: Path, site: Site) -> None:
    """The server ends itself when it cannot write its log any more; somebody starts it again."""
    with (
        tempfile.TemporaryDirectory(prefix="scene-disk-") as folder,
        small_disk(reachable(Path(folder)) / "small", megabytes=100) as disk,
        cluster(disk.folder) as postgres,
        at_work(tmp_path / "data", site, database_url=postgres.url) as (_, story),
    ):
        run = begin(story, site)
        disk.fill()
        told = refusals(story, seconds=4)
        assert told[(503, "storage")] > 0
        assert set(told) <= {(503, "storage"), (201, "")}, "what fitted was stored, what did not was refused"
        disk.empty()
        postgres.start()
        complete(story, run)


def reachable(folder: Path) -> Path:
    """By PostgreSQL's own user too."""
    folder.chmod(0o755)
    return folder


class JumpyClock:
    def __init__(self) -> None:
        self.wrong_by = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.wrong_by


@pytest.mark.parametrize("first", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_jumps_a_day_both_ways(tmp_path: Path, site: Site, first: timedelta) -> None:
    clock = JumpyClock()
    with at_work(tmp_path, site, clock) as (scene, story):
        run = begin(story, site)
        for wrong_by in (first, -first, timedelta()):
            clock.wrong_by = wrong_by
            time.sleep(1)  # Two heartbeats see the wrong time.
            scene.store.executions.take_over(everything=False)
            scene.store.executions.expire()
        executions = complete(story, run)
    assert [execution["status"] for execution in executions] == ["finished"] * PAGES
    assert [execution["attempt"] for execution in executions] == [1] * PAGES
