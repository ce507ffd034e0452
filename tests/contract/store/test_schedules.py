"""Batches that run by themselves: what is due, and who moves it on."""

from datetime import timedelta

import pytest

from scene.domain.catalog import Batch
from scene.domain.schedules import Schedule, ScheduleDraft
from scene.errors import AlreadyExists, Invalid, NotFound, VersionConflict
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, World

SOON = START + timedelta(minutes=5)
LATER = START + timedelta(hours=1)


@pytest.fixture
def batch(world: World) -> Batch:
    return world.batch()


def scheduled(world: World, batch: Batch, name: str = "hourly", next_at: object = SOON) -> Schedule:
    draft = ScheduleDraft(name=name, batch_id=batch.id, cron="0 * * * *")
    return world.store.schedules.create(batch.project_id, draft, next_at, ANN)  # type: ignore[arg-type]


def test_it_is_kept_and_audited(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    assert world.store.schedules.get(schedule.id) == schedule
    assert (schedule.next_at, schedule.last_at, schedule.last_run_id, schedule.version) == (SOON, None, None, 1)
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.targets) == ("schedule.created", [f"schedule:{schedule.id}"])


def test_it_is_due_when_its_time_has_come_and_not_before(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    scheduled(world, batch, "switched off", None)
    assert world.store.schedules.due(10) == []
    world.clock.pass_seconds(300)
    assert [each.id for each in world.store.schedules.due(10)] == [schedule.id]


def test_a_tick_is_acted_on_once(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    assert world.store.schedules.advance(schedule, LATER, "a run", "") is True
    assert world.store.schedules.advance(schedule, LATER, "another run", "") is False
    moved = world.store.schedules.get(schedule.id)
    assert (moved.next_at, moved.last_at, moved.last_run_id) == (LATER, SOON, "a run")


def test_a_tick_without_a_run_says_why_and_keeps_the_last_run(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    world.store.schedules.advance(schedule, LATER, "a run", "")
    world.store.schedules.advance(world.store.schedules.get(schedule.id), None, None, "No task is enabled.")
    moved = world.store.schedules.get(schedule.id)
    assert (moved.last_run_id, moved.last_problem, moved.next_at) == ("a run", "No task is enabled.", None)


def test_one_that_was_edited_meanwhile_is_not_moved(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    draft = ScheduleDraft(name="nightly", batch_id=batch.id, cron="0 0 * * *")
    edited = world.store.schedules.replace(schedule.id, draft, SOON, 1, ANN)
    assert world.store.schedules.advance(schedule, LATER, "a run", "") is False
    assert world.store.schedules.get(schedule.id) == edited


def test_who_saves_second_is_told(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    draft = ScheduleDraft(name="nightly", batch_id=batch.id, cron="0 0 * * *")
    world.store.schedules.replace(schedule.id, draft, SOON, 1, ANN)
    with pytest.raises(VersionConflict):
        world.store.schedules.replace(schedule.id, draft, SOON, 1, ANN)


def test_a_name_is_taken_once_in_a_project(world: World, batch: Batch) -> None:
    scheduled(world, batch)
    with pytest.raises(AlreadyExists):
        scheduled(world, batch)


def test_a_batch_of_another_project_is_refused(world: World, batch: Batch) -> None:
    other = world.project("other")
    draft = ScheduleDraft(name="hourly", batch_id=batch.id, cron="0 * * * *")
    with pytest.raises(Invalid, match="batch_id"):
        world.store.schedules.create(other.id, draft, SOON, ANN)


def test_it_goes_with_its_batch(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    world.store.batches.delete(batch.id, None, ANN)
    with pytest.raises(NotFound):
        world.store.schedules.get(schedule.id)


def test_deleted_it_is_gone(world: World, batch: Batch) -> None:
    schedule = scheduled(world, batch)
    world.store.schedules.delete(schedule.id, 1, ANN)
    assert world.store.schedules.newest(batch.project_id, SliceRequest()).items == []
