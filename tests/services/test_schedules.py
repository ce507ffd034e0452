"""A batch that runs by itself: missed ticks once, and nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scene.domain.catalog import Batch, BatchDraft
from scene.domain.filters import RunFilter
from scene.domain.runs import Run
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.launch.process import ProcessLauncher
from scene.queue.local import LocalQueue
from scene.services.runs import Runs
from scene.services.schedules import Schedules
from scene.store.sql import SqlStore
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, Clock, World

HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    store = SqlStore(f"sqlite:///{tmp_path / 'scene.db'}", clock)
    store.migrate()
    yield World(store, clock)
    store.close()


@pytest.fixture
def schedules(world: World) -> Schedules:
    return Schedules(world.store, Runs(world.store, LocalQueue(), ProcessLauncher()), world.clock)


def hourly(schedules: Schedules, batch: Batch, name: str = "hourly") -> Schedule:
    return schedules.create(batch.project_id, ScheduleDraft(name=name, batch_id=batch.id, cron="0 * * * *"), ANN)


def runs(world: World) -> list[Run]:
    return world.store.runs.newest(RunFilter(), SliceRequest()).items


def test_it_starts_a_run_when_its_time_has_come(world: World, schedules: Schedules) -> None:
    schedule = hourly(schedules, world.batch())
    schedules.start_due()
    assert runs(world) == []
    world.clock.now = START + HOUR
    schedules.start_due()
    [run] = runs(world)
    assert (run.requested_by, run.note) == ("schedule hourly", "Started by the schedule hourly.")
    moved = schedules.get(schedule.id)
    assert (moved.last_run_id, moved.next_at) == (run.id, START + 2 * HOUR)


def test_ticks_that_were_missed_are_made_up_for_once(world: World, schedules: Schedules) -> None:
    schedule = hourly(schedules, world.batch())
    world.clock.now = START + 30.5 * HOUR
    schedules.start_due()
    schedules.start_due()
    assert len(runs(world)) == 1
    assert schedules.get(schedule.id).next_at == START + 31 * HOUR


def test_two_servers_at_the_same_tick_start_one_run(world: World, schedules: Schedules) -> None:
    """Or one that died right behind the creation of the run, and the one that comes after it."""
    schedule = hourly(schedules, world.batch())
    world.clock.now = START + HOUR
    schedules.start_due()
    moved = schedules.get(schedule.id)
    world.store.schedules.advance(moved, schedule.next_at, None, "")  # as if it had not been moved on
    schedules.start_due()
    assert len(runs(world)) == 1


def test_while_its_last_run_goes_on_it_starts_no_other(world: World, schedules: Schedules) -> None:
    schedule = hourly(schedules, world.batch())
    for hours in (1, 2):
        world.clock.now = START + hours * HOUR
        schedules.start_due()
    [run] = runs(world)
    moved = schedules.get(schedule.id)
    assert (moved.last_problem, moved.last_run_id) == ("The run before it had not ended.", run.id)


def test_one_that_cannot_start_says_why_and_holds_up_no_other(world: World, schedules: Schedules) -> None:
    whole = world.batch()
    empty = world.store.batches.create(whole.project_id, BatchDraft(name="empty"), ANN)
    broken = hourly(schedules, empty, "broken")
    hourly(schedules, whole, "whole")
    world.clock.now = START + HOUR
    schedules.start_due()
    assert [run.requested_by for run in runs(world)] == ["schedule whole"]
    assert "task" in schedules.get(broken.id).last_problem


def test_switched_on_again_it_makes_up_for_nothing(world: World, schedules: Schedules) -> None:
    schedule = hourly(schedules, world.batch())
    schedules.update(schedule.id, {"enabled": False}, None, ANN)
    world.clock.now = START + 5.5 * HOUR
    schedules.update(schedule.id, {"enabled": True}, None, ANN)
    schedules.start_due()
    assert runs(world) == []
    assert schedules.get(schedule.id).next_at == START + 6 * HOUR
