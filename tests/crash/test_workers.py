"""A server that carries out nothing, and workers that do."""

import re
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.store.clusters import cluster
from tests.crash.conftest import StartServer
from tests.crash.test_kill_server import gone
from tests.support.describe import Story, batch_of
from tests.support.patience import until
from tests.support.s3 import S3Server
from tests.support.server import Server
from tests.support.site import Site
from tests.support.worker import WorkerProcess

StartWorker = Callable[..., WorkerProcess]
Shared = dict[str, str]


@pytest.fixture
def shared(s3: S3Server) -> Iterator[Shared]:
    """What a server and its workers have in common: nothing of one machine's disk."""
    with cluster() as own:
        yield {
            "database_url": own.url,
            "artifacts_url": f"s3://{s3.bucket()}",
            "s3_endpoint": s3.endpoint,
            "secret_key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "lease_seconds": "5",
        }


@pytest.fixture
def server(start_server: StartServer, shared: Shared) -> Server:
    return start_server("server", worker="false", **shared)


@pytest.fixture
def start_worker(tmp_path: Path, shared: Shared) -> Iterator[StartWorker]:
    started: list[WorkerProcess] = []

    def start(name: str, *options: str, **settings: str) -> WorkerProcess:
        started.append(WorkerProcess(tmp_path / name, "--name", name, *options, **shared, **settings))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.stop()


def run_of(story: Story, site: Site, count: int, seconds: float = 0, **fields: Any) -> dict[str, Any]:
    """A run of so many pages, each of which takes its time."""
    return story.run(batch_of(story, site, count, seconds), "baseline_recording", **fields)


def workers(story: Story) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in story.get("/api/workers")["items"]}


def test_workers_carry_out_what_the_server_leaves_to_them(
    server: Server, start_worker: StartWorker, site: Site
) -> None:
    story = Story(server.client, site.url)
    health = server.client.get("/health")
    assert (health.status_code, health.json()["runner"]["ok"]) == (503, False)
    first, second = start_worker("first", metrics_port="0"), start_worker("second")
    run = story.wait(run_of(story, site, 6, 1), 120)
    assert (run["status"], run["summary"]["finished"]) == ("finished", 6)
    assert len({each["worker"] for each in story.executions(run)}) == 2
    assert server.client.get("/health").json()["ok"] is True
    assert {(name, each["alive"], each["slots"]) for name, each in workers(story).items()} == {
        ("first", True, 1),
        ("second", True, 1),
    }
    assert "chromium" in workers(story)["first"]["browsers"]
    numbers = re.search(r"http://\S+/metrics", first.announced())
    assert numbers is not None
    told = urllib.request.urlopen(numbers[0], timeout=10).read().decode()
    assert 'scene_executions_ended_total{browser="chromium"' in told
    assert second.stop() == 0
    assert "second" not in workers(story), "who ends in order leaves the registry"


def test_a_worker_says_when_the_settings_hold_it_back(server: Server, start_worker: StartWorker) -> None:
    worker = start_worker("wide", slots="3")
    until(lambda: "The workers have 3 slots, and the setting concurrency lets 2" in worker.log.read_text())


def test_sigterm_finishes_what_executes_and_takes_nothing_new(
    server: Server, start_worker: StartWorker, site: Site
) -> None:
    story = Story(server.client, site.url)
    run = run_of(story, site, 3, 2)
    worker = start_worker("only")
    [held] = until(lambda: workers(story)["only"]["executions"])
    assert worker.stop() == 0
    statuses = Counter(each["status"] for each in story.executions(run))
    done = story.get(f"/api/executions/{held}")["execution"]
    assert (done["status"], done["attempt"]) == ("finished", 1)
    assert statuses == {"finished": 1, "queued": 2}
    start_worker("next")
    assert story.wait(run)["summary"]["finished"] == 3


def test_what_takes_too_long_is_handed_back_at_once(server: Server, start_worker: StartWorker, site: Site) -> None:
    story = Story(server.client, site.url)
    run = run_of(story, site, 1, 20)
    worker = start_worker("hasty", "--drain-seconds", "0.5")
    until(lambda: workers(story)["hasty"]["executions"])
    tree = worker.tree()
    assert worker.stop() == 0
    [execution] = story.executions(run)
    assert (execution["status"], execution["attempt"]) == ("queued", 1)
    [attempt] = story.get(f"/api/executions/{execution['id']}")["attempts"]
    assert (attempt["reason"], attempt["message"]) == ("worker_lost", "The worker was stopped before this was done.")
    assert gone(tree)
    site.delays["/0"] = 0
    start_worker("patient")
    assert story.wait(run)["summary"]["finished"] == 1


def test_a_run_goes_to_a_worker_with_its_label(server: Server, start_worker: StartWorker, site: Site) -> None:
    story = Story(server.client, site.url)
    start_worker("plain")
    run = run_of(story, site, 2, labels={"worker": "inside"})
    anywhere = story.wait(run_of(story, site, 1))
    assert anywhere["status"] == "finished"
    assert {each["status"] for each in story.executions(run)} == {"queued"}
    start_worker("labelled", "--label", "inside")
    assert story.wait(run)["status"] == "finished"
    [labelled] = {each["worker"] for each in story.executions(run)}
    assert labelled == workers(story)["labelled"]["id"]


def test_the_cap_of_each_worker_changes_while_it_works(server: Server, start_worker: StartWorker, site: Site) -> None:
    story = Story(server.client, site.url)
    assert server.client.patch("/api/settings", json={"concurrency": 10, "worker_concurrency": 1}).status_code == 200
    start_worker("wide", slots="3")
    run = run_of(story, site, 12, 2)
    until(lambda: story.get(f"/api/runs/{run['id']}")["summary"]["executing"] == 1)
    assert server.client.patch("/api/settings", json={"worker_concurrency": 3}).status_code == 200
    until(lambda: story.get(f"/api/runs/{run['id']}")["summary"]["executing"] == 3)
    assert story.wait(run, 120)["status"] == "finished"
