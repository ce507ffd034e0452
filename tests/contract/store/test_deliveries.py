"""Webhooks hear of what they asked for, in the transaction of the change."""

import json
from typing import Any

import pytest

from scene.domain.records import SYSTEM, EventType
from scene.domain.webhooks import Delivery
from scene.errors import NotFound
from scene.store.values import SliceRequest
from tests.contract.store.conftest import PUBLIC_URL
from tests.contract.store.world import World, everything


def document(world: World, delivery: Delivery) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.store.deliveries.get(delivery.id).payload)
    return found


def test_a_webhook_hears_only_of_its_project_and_its_events(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    everywhere = world.webhook(EventType.RUN_FINISHED)
    of_shop = world.webhook(EventType.RUN_FINISHED, EventType.RUN_STARTED, project=shop)
    silent = world.webhook(enabled=False)
    for project in (shop, blog):
        _, admitted = world.run(world.batch(project=project))
        world.carry_out(admitted)
    assert world.told(everywhere) == ["run.finished", "run.finished"]
    assert world.told(of_shop) == ["run.started", "run.finished"]
    assert world.told(silent) == []


def test_a_delivery_waits_to_be_sent(world: World) -> None:
    webhook = world.webhook(EventType.TASK_ENQUEUED)
    world.run(world.batch())
    [delivery] = everything(world.store, webhook)
    assert (delivery.status, delivery.next_attempt_at) == ("pending", world.clock.now)
    assert document(world, delivery)["delivery_id"] == delivery.id


def test_a_payload_says_what_happened_to_what(world: World) -> None:
    webhook = world.webhook(EventType.TASK_FINISHED)
    batch = world.batch()
    run, admitted = world.run(batch, baseline=world.record(batch))
    world.carry_out(admitted, percent=5)
    told = document(world, everything(world.store, webhook)[0])
    assert told["event"] == "task.finished"
    assert told["run"]["viewer_url"] == f"{PUBLIC_URL}/runs/{run.id}"
    assert (told["task"]["name"], told["page"]["name"]) == ("task of smoke", "home")
    execution = told["execution"]
    assert (execution["attempt"], execution["verdict"], execution["percent_changed"]) == (1, "changed", 5)
    assert [file["type"] for file in execution["artifacts"]] == ["screenshot", "diff", "heatmap", "console"]
    assert all(file["url"].startswith(f"{PUBLIC_URL}/artifacts/") for file in execution["artifacts"])


def test_a_retry_is_told_with_the_number_of_its_attempt(world: World) -> None:
    webhook = world.webhook(EventType.TASK_RETRY_ENQUEUED)
    _, [admitted] = world.run(world.batch())
    world.start(admitted)
    world.store.executions.take_over(everything=True)
    [delivery] = everything(world.store, webhook)
    assert document(world, delivery)["execution"]["attempt"] == 2


def test_the_end_of_a_run_is_told_with_its_counts(world: World) -> None:
    webhook = world.webhook(EventType.RUN_FINISHED)
    _, admitted = world.run(world.batch(cells=3))
    world.carry_out(admitted)
    [delivery] = everything(world.store, webhook)
    run = document(world, delivery)["run"]
    assert (run["status"], run["verdict"], run["summary"]["no_baseline"]) == ("finished", "no_baseline", 3)


def test_a_new_baseline_is_told_with_its_coverage(world: World) -> None:
    webhook = world.webhook(EventType.BASELINE_FINALIZED)
    baseline = world.record(world.batch(cells=2))
    [delivery] = everything(world.store, webhook)
    assert document(world, delivery)["baseline"]["id"] == baseline.id
    assert document(world, delivery)["baseline"]["items_total"] == 2


def test_two_webhooks_get_a_delivery_each(world: World) -> None:
    webhooks = [world.webhook(EventType.TASK_ENQUEUED) for _ in range(2)]
    world.run(world.batch(cells=3))
    ids = [delivery.id for webhook in webhooks for delivery in everything(world.store, webhook)]
    assert len(set(ids)) == len(ids) == 6


def test_a_webhook_of_no_project_is_refused(world: World) -> None:
    project = world.project()
    world.store.projects.delete(project.id, None, SYSTEM)
    with pytest.raises(NotFound):
        world.webhook(project=project)


def test_a_webhook_is_audited(world: World) -> None:
    webhook = world.webhook(EventType.RUN_STARTED)
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.targets) == ("webhook.created", [f"webhook:{webhook.id}"])
