"""Which executions may start."""

from scene.store.values import Admitted
from tests.contract.store.world import World, failed


def runs_of(world: World, admitted: list[Admitted]) -> list[str]:
    return [world.store.executions.get(entry.execution_id).run_id for entry in admitted]


def test_the_settings_cap_all_runs_together(world: World) -> None:
    world.allow(concurrency=3)
    batch = world.batch(cells=2)
    counts = [len(world.run(batch)[1]) for _ in range(3)]
    assert counts == [2, 1, 0]
    assert len(world.store.executions.waiting()) == 3


def test_a_run_may_ask_for_less(world: World) -> None:
    world.allow(concurrency=5)
    _, admitted = world.run(world.batch(cells=4), concurrency=1)
    assert len(admitted) == 1
    assert len(world.finish(admitted[0], world.captured(world.start(admitted[0])))) == 1


def test_inside_a_run_first_come_first_served(world: World) -> None:
    world.allow(concurrency=1)
    _, admitted = world.run(world.batch(cells=4))
    positions = []
    while admitted:
        positions.append(world.store.executions.get(admitted[0].execution_id).position)
        admitted = world.finish(admitted[0], world.captured(world.start(admitted[0])))
    assert positions == [0, 1, 2, 3]


def test_runs_of_one_priority_share(world: World) -> None:
    world.allow(concurrency=1)
    batch = world.batch(cells=10)
    runs = [world.run(batch)[0] for _ in range(3)]
    chosen = runs_of(world, world.allow(concurrency=6))
    held = [chosen.count(run.id) + (run is runs[0]) for run in runs]
    assert held == [2, 2, 2]


def test_a_higher_priority_goes_first(world: World) -> None:
    world.allow(concurrency=1)
    batch = world.batch(cells=3)
    _, [running] = world.run(batch)
    urgent, _ = world.run(batch, priority=5)
    more = world.allow(concurrency=3) + world.finish(running, world.captured(world.start(running)))
    assert runs_of(world, more) == [urgent.id] * 3
    assert {entry.priority for entry in more} == {5}


def test_a_smaller_cap_lets_the_running_ones_end(world: World) -> None:
    world.allow(concurrency=3)
    _, admitted = world.run(world.batch(cells=5))
    world.allow(concurrency=1)
    more = [world.finish(entry, world.captured(world.start(entry))) for entry in admitted]
    assert [len(entries) for entries in more] == [0, 0, 1]


def test_nothing_is_admitted_twice(world: World) -> None:
    _, admitted = world.run(world.batch(cells=5))
    assert len(admitted) == 2
    assert world.store.executions.admit() == []
    assert world.store.executions.waiting() == admitted


def test_what_has_started_is_not_waiting(world: World) -> None:
    _, admitted = world.run(world.batch(cells=2))
    world.start(admitted[0])
    assert world.store.executions.waiting() == admitted[1:]


def test_a_failure_makes_room_too(world: World) -> None:
    world.allow(concurrency=1)
    _, [first] = world.run(world.batch(cells=2))
    world.start(first)
    assert len(world.finish(first, failed())) == 1


def test_a_long_queue_is_read_only_as_far_as_needed(world: World) -> None:
    """Hundreds of active runs, thousands waiting: one place is filled by a handful of queries."""
    world.allow(concurrency=1)
    batch = world.batch(cells=40)
    for _ in range(50):
        world.run(batch)
    [running] = world.store.executions.waiting()
    more = world.finish(running, world.captured(world.start(running)))
    assert len(more) == 1
