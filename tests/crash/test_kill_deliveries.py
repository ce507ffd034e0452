"""``kill -9`` between the change and the answer of an endpoint: nothing lost, one id, tries in their order."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.store.clusters import cluster
from tests.crash.conftest import StartServer
from tests.support.describe import Story
from tests.support.receiver import Answer, Receiver
from tests.support.server import Server
from tests.support.site import Site

HERE = {"outbound_allowed_hosts": '["127.0.0.1"]'}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def described(server: Server, site: Site, receiver: Receiver) -> tuple[Story, dict[str, Any], str]:
    """A story, its batch, and the id of a webhook that hears how executions begin to wait."""
    story = Story(server.client, site.url)
    batch = story.batch()
    webhook = story.post("/api/webhooks", endpoint_url=receiver.url, event_types=["task.enqueued"])
    return story, batch, webhook["id"]


def ended(story: Story, delivery_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while (delivery := story.get(f"/api/deliveries/{delivery_id}"))["status"] == "pending":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return delivery


def test_a_server_killed_right_after_the_commit_loses_no_event(
    start_server: StartServer, site: Site, receiver: Receiver
) -> None:
    first = start_server(**HERE)
    story, batch, webhook_id = described(first, site, receiver)
    run = story.run(batch)
    first.kill()
    story.client = start_server(**HERE).client
    [delivery] = story.get(f"/api/webhooks/{webhook_id}/deliveries")["items"]
    assert ended(story, delivery["id"])["status"] == "succeeded"
    assert {each.delivery for each in receiver.received} == {delivery["id"]}
    assert run["id"].encode() in receiver.received[0].body


def test_what_was_on_its_way_is_sent_again_with_its_id_and_the_next_number(
    start_server: StartServer, site: Site, receiver: Receiver
) -> None:
    receiver.answers.append(Answer(hangs=True))
    first = start_server(**HERE)
    story, batch, _ = described(first, site, receiver)
    story.run(batch)
    receiver.wait_for(1)
    first.kill()
    story.client = start_server(**HERE).client
    before, after = receiver.wait_for(2)
    assert (before.delivery, before.body) == (after.delivery, after.body)
    assert (before.attempt, after.attempt) == (1, 2)
    delivery = ended(story, after.delivery)
    assert [(each["number"], each["response_code"]) for each in delivery["tries"]] == [(1, None), (2, 200)]
    assert "not known" in delivery["tries"][0]["error"]


def test_of_two_servers_one_is_killed_and_the_other_sends(
    start_server: StartServer, site: Site, receiver: Receiver, tmp_path: Path
) -> None:
    """Neither is the only one: the lease of the killed one has to run out, here after 16 s."""
    receiver.otherwise = Answer(hangs=True)
    with cluster() as own:
        shared = {
            **HERE,
            "database_url": own.url,
            "artifacts_url": (tmp_path / "artifacts").as_uri(),
            "webhook_timeout_seconds": "1",
            "secret_key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        }
        first = start_server("first", **shared)
        story, batch, _ = described(first, site, receiver)
        story.run(batch)
        [lost] = receiver.wait_for(1)
        first.kill()
        receiver.otherwise = Answer()
        story.client = start_server("second", **shared).client
        delivery = ended(story, lost.delivery)
        assert delivery["status"] == "succeeded"
        assert [each.attempt for each in receiver.received] == [each["number"] for each in delivery["tries"]]
