"""Deliveries on their way: who may send what, and what becomes of it."""

import threading
from datetime import timedelta

from scene.domain.records import SYSTEM, EventType
from scene.domain.webhooks import DeliveryFilter, DeliveryStatus, Redelivery, Webhook
from scene.store.auth import Sealed
from scene.store.values import SliceRequest
from scene.store.webhooks import ClaimedDelivery, TryOutcome
from tests.contract.store.world import World, everything

DONE = TryOutcome(DeliveryStatus.SUCCEEDED, None, 5, 200)


def written(world: World, count: int = 1, webhook: Webhook | None = None) -> Webhook:
    webhook = webhook or world.webhook(EventType.RUN_FINISHED)
    for _ in range(count):
        world.store.webhooks.test(webhook.id, SYSTEM)
    return webhook


def claim(world: World, webhook: Webhook, lease_seconds: float = 30) -> ClaimedDelivery:
    claimed = world.store.deliveries.claim(webhook.id, lease_seconds)
    assert claimed is not None
    return claimed


def failing(world: World, seconds: float, **fields: object) -> TryOutcome:
    next_at = world.clock.now + timedelta(seconds=seconds)
    return TryOutcome(DeliveryStatus.PENDING, next_at, 5, 500, **fields)  # type: ignore[arg-type]


def test_only_webhooks_with_something_to_send_are_due(world: World) -> None:
    busy, idle = written(world), world.webhook(EventType.RUN_FINISHED)
    assert world.store.deliveries.due() == [busy.id]
    world.store.deliveries.settle(claim(world, busy), DONE)
    assert world.store.deliveries.due() == []
    assert everything(world.store, idle) == []


def test_deliveries_come_in_the_order_in_which_they_were_written(world: World) -> None:
    webhook = written(world, 3)
    expected = [delivery.id for delivery in reversed(everything(world.store, webhook))]
    assert [claim(world, webhook).id for _ in expected] == expected


def test_a_delivery_in_hand_is_nobody_elses_until_its_lease_ends(world: World) -> None:
    webhook = written(world)
    claim(world, webhook)
    assert world.store.deliveries.claim(webhook.id, 30) is None
    world.clock.pass_seconds(31)
    assert claim(world, webhook).number == 2


def test_many_at_once_never_claim_the_same(world: World) -> None:
    webhook = written(world, 12)
    claimed: list[str] = []

    def take() -> None:
        while found := world.store.deliveries.claim(webhook.id, 300):
            claimed.append(found.id)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 12


def test_a_late_outcome_is_refused_and_its_try_is_still_recorded(world: World) -> None:
    webhook = written(world)
    late = claim(world, webhook, lease_seconds=0)
    claim(world, webhook)
    assert world.store.deliveries.settle(late, DONE) is False
    delivery = world.store.deliveries.get(late.id)
    assert (delivery.status, delivery.tries[0].response_code) == (DeliveryStatus.PENDING, 200)


def test_a_failed_try_waits_for_its_time(world: World) -> None:
    webhook = written(world)
    world.store.deliveries.settle(claim(world, webhook), failing(world, 15))
    assert world.store.deliveries.due() == []
    assert world.store.webhooks.get(webhook.id).failing_since == world.clock.now
    world.clock.pass_seconds(15)
    world.store.deliveries.settle(claim(world, webhook), DONE)
    assert world.store.webhooks.get(webhook.id).failing_since is None


def test_a_quiet_endpoint_is_left_alone_as_a_whole(world: World) -> None:
    webhook = written(world, 2)
    quiet = failing(world, 15, quiet_until=world.clock.now + timedelta(seconds=100))
    world.store.deliveries.settle(claim(world, webhook), quiet)
    assert (world.store.deliveries.due(), world.store.deliveries.claim(webhook.id, 30)) == ([], None)
    world.clock.pass_seconds(100)
    assert world.store.deliveries.due() == [webhook.id]


def test_switched_off_it_counts_as_saved_by_somebody_else(world: World) -> None:
    webhook = written(world)
    gone = TryOutcome(DeliveryStatus.FAILED, None, 5, 410, disabled_because="It is gone.")
    world.store.deliveries.settle(claim(world, webhook), gone)
    found = world.store.webhooks.get(webhook.id)
    assert (found.enabled, found.disabled_because, found.version) == (False, "It is gone.", 2)
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.actor) == ("webhook.disabled", SYSTEM)


def test_what_is_released_is_due_at_once(world: World) -> None:
    webhook = written(world, 2)
    claim(world, webhook, lease_seconds=3_600)
    world.store.deliveries.settle(claim(world, webhook), failing(world, 15))
    assert world.store.deliveries.release() == 1
    assert claim(world, webhook).number == 2
    assert world.store.deliveries.claim(webhook.id, 30) is None, "what waits for its time goes on waiting"


def test_named_deliveries_are_sent_again_and_only_of_their_webhook(world: World) -> None:
    webhook, other = written(world), written(world)
    for each in (webhook, other):
        world.store.deliveries.settle(claim(world, each), DONE)
    ids = [everything(world.store, each)[0].id for each in (webhook, other)]
    assert world.store.deliveries.redeliver(webhook.id, Redelivery(delivery_ids=ids), SYSTEM) == 1
    again = claim(world, webhook)
    assert (again.number, again.tried_in_round) == (2, 1)


def test_deliveries_are_found_by_status_event_and_time(world: World) -> None:
    webhook = written(world)
    world.store.deliveries.settle(claim(world, webhook), DONE)
    world.clock.pass_seconds(60)
    written(world, 1, webhook)

    def count(**only: object) -> int:
        narrowed = DeliveryFilter.model_validate(only)
        return len(world.store.deliveries.newest(webhook.id, SliceRequest(), narrowed).items)

    assert (count(), count(statuses=["succeeded"]), count(statuses=["failed"])) == (2, 1, 0)
    assert (count(event_types=["webhook.test"]), count(event_types=["run.started"])) == (2, 0)
    assert (count(created_after=world.clock.now), count(created_before=world.clock.now)) == (1, 1)


def test_old_deliveries_go_in_portions_and_those_on_their_way_stay(world: World) -> None:
    webhook = written(world, 4)
    for _ in range(3):
        world.store.deliveries.settle(claim(world, webhook), DONE)
    world.clock.pass_seconds(60)
    assert [world.store.deliveries.purge(world.clock.now, 2) for _ in range(3)] == [2, 1, 0]
    assert len(everything(world.store, webhook)) == 1


def test_what_waits_for_a_webhook_that_is_off_goes_with_age(world: World) -> None:
    webhook = written(world, 2)
    gone = TryOutcome(DeliveryStatus.FAILED, None, 5, 410, disabled_because="It is gone.")
    world.store.deliveries.settle(claim(world, webhook), gone)
    world.clock.pass_seconds(60)
    assert world.store.deliveries.purge(world.clock.now, 100) == 2


def test_of_a_project_its_own_webhooks_and_those_of_all_are_listed(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    own, everywhere = world.webhook(project=shop), world.webhook()
    world.webhook(project=blog)
    listed = world.store.webhooks.newest(shop.id, SliceRequest()).items
    assert [webhook.id for webhook in listed] == [everywhere.id, own.id]


def test_keys_in_use_are_counted(world: World) -> None:
    world.webhook()
    assert world.store.webhooks.keys() == {"key": 1}


def test_what_another_key_encrypted_is_found_in_portions_and_replaced(world: World) -> None:
    made = [world.webhook() for _ in range(3)]
    first = world.store.secrets.other_than("new", None, 2)
    rest = world.store.secrets.other_than("new", (first[-1].place, first[-1].id), 2)
    assert [each.id for each in first + rest] == [webhook.id for webhook in made]
    assert world.store.secrets.reseal(first[0], Sealed("anew", "new"))
    assert len(world.store.secrets.other_than("new", None, 10)) == 2
