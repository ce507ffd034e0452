"""The registry of workers."""

from dataclasses import replace

from scene.domain.records import SYSTEM
from scene.domain.settings import Settings
from scene.domain.viewport import Browser
from scene.domain.workers import WorkerState
from scene.store.values import SliceRequest
from tests.contract.store.world import World

FIRST = WorkerState("1", "first", "host", "launcher process", 2, (Browser.CHROMIUM,), ("gpu",), draining=False)
SECOND = replace(FIRST, id="2", name="second", browsers=(Browser.FIREFOX,))


def test_who_is_seen_is_told_with_what_it_carries_out(world: World) -> None:
    world.store.workers.seen(FIRST)
    _, admitted = world.run(world.batch(1))
    world.store.executions.start(admitted[0].execution_id, 1, FIRST.id, 60)
    [worker] = world.store.workers.newest(SliceRequest()).items
    assert (worker.name, worker.labels, worker.alive) == ("first", ["gpu"], True)
    assert worker.executions == [admitted[0].execution_id]


def test_each_hears_which_browsers_there_are_and_the_cap(world: World) -> None:
    assert world.store.workers.seen(FIRST).browsers == {"chromium"}
    assert world.store.workers.seen(SECOND).browsers == {"chromium", "firefox"}
    world.store.settings.replace(Settings(worker_concurrency=3), None, SYSTEM)
    world.store.workers.seen(replace(SECOND, draining=True))
    fleet = world.store.workers.seen(FIRST)
    assert (fleet.cap, fleet.browsers) == (3, {"chromium"})


def test_a_silent_one_is_lost_and_forgotten_after_a_day(world: World) -> None:
    world.store.workers.seen(FIRST)
    world.clock.pass_seconds(31)
    world.store.workers.seen(SECOND)
    assert [(each.name, each.alive) for each in world.store.workers.newest(SliceRequest()).items] == [
        ("second", True),
        ("first", False),
    ]
    assert [each.name for each in world.store.workers.alive()] == ["second"]
    world.clock.pass_seconds(86_401)
    world.store.workers.seen(replace(FIRST, id="3", name="third"))
    assert [each.name for each in world.store.workers.newest(SliceRequest()).items] == ["third"]


def test_who_ends_in_order_leaves(world: World) -> None:
    world.store.workers.seen(FIRST)
    world.store.workers.leave(FIRST.id)
    assert world.store.workers.newest(SliceRequest()).items == []


def test_what_it_has_in_hand_is_handed_back(world: World) -> None:
    _, admitted = world.run(world.batch(2))
    for each, worker in zip(admitted, ("1", "2"), strict=True):
        world.store.executions.start(each.execution_id, 1, worker, 60)
    assert [(each.execution_id, each.attempt) for each in world.store.executions.hand_back("1")] == [
        (admitted[0].execution_id, 2)
    ]
    assert world.store.executions.get(admitted[1].execution_id).worker == "2"


def test_a_run_with_the_label_wants_such_workers_and_holds_no_place_without_one(world: World) -> None:
    world.allow(concurrency=4)
    batch = world.batch(2)
    _, admitted = world.run(batch, labels={"worker": "gpu"})
    assert admitted == []
    assert len(world.run(batch)[1]) == 2
    world.store.workers.seen(FIRST)
    admitted = world.store.executions.admit()
    assert [each.label for each in admitted] == ["gpu", "gpu"]
    assert set(admitted) < set(world.store.executions.waiting())
