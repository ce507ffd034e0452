"""Two servers on one PostgreSQL and one artifact store carry out one run together."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.store.clusters import cluster
from tests.crash.conftest import StartServer
from tests.support.describe import Story, batch_of
from tests.support.server import Server
from tests.support.site import Site

PAGES = 14
LEASE_SECONDS = 5
StartSharing = Callable[[str], Server]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with cluster() as own:
        yield own.url


@pytest.fixture
def start_sharing(start_server: StartServer, postgres: str, tmp_path: Path) -> StartSharing:
    """Starts a server with one slot and a data folder of its own."""
    shared = {
        "database_url": postgres,
        "artifacts_url": (tmp_path / "artifacts").as_uri(),
        "lease_seconds": str(LEASE_SECONDS),
        "slots": "1",
    }
    return lambda name: start_server(name, **shared)


def recording(story: Story, site: Site) -> dict[str, Any]:
    """A run of pages that take a second each."""
    return story.run(batch_of(story, site, PAGES, 1), "baseline_recording")


def captured(site: Site) -> Counter[str]:
    return Counter(path for path in site.requests if path.removeprefix("/").isdigit())


def test_each_does_its_part_and_nothing_is_done_twice(start_sharing: StartSharing, site: Site) -> None:
    first, second = start_sharing("first"), start_sharing("second")
    story = Story(first.client, site.url)
    run = story.wait(recording(story, site), seconds=150)
    executions = story.executions(run)
    assert (run["status"], run["summary"]["finished"]) == ("finished", PAGES)
    assert {execution["attempt"] for execution in executions} == {1}
    assert len({execution["worker"] for execution in executions}) == 2, "one server did everything"
    assert set(captured(site).values()) == {1}
    story.client = second.client
    assert story.get(f"/api/baselines/{run['baseline_id']}")["items_total"] == PAGES


def test_when_one_is_killed_the_other_finishes(start_sharing: StartSharing, site: Site) -> None:
    first, second = start_sharing("first"), start_sharing("second")
    story = Story(first.client, site.url)
    run = recording(story, site)
    while len({each["worker"] for each in story.executions(run) if each["status"] == "finished"}) < 2:
        time.sleep(0.1)
    before = {each["id"]: each for each in story.executions(run) if each["status"] == "finished"}
    first.kill()
    story.client = second.client
    run = story.wait(run, seconds=150)
    assert (run["status"], run["summary"]["finished"]) == ("finished", PAGES)
    after = story.executions(run)
    assert [each for each in after if each["id"] in before and each != before[each["id"]]] == []
    repeated = [each for each in after if each["attempt"] > 1]
    assert len(repeated) <= 1, "more than what was in flight was done again"
    lost = [story.get(f"/api/executions/{each['id']}")["attempts"][0]["reason"] for each in repeated]
    assert lost == ["worker_lost"] * len(repeated)
    assert len(story.get(f"/api/baselines/{run['baseline_id']}/items")["items"]) == PAGES
