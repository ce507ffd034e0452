"""An attempt that failed for a reason that may pass is followed by another."""

from dataclasses import replace

import pytest

from scene.domain.records import EventType
from scene.domain.status import Purpose, Reason, Status
from scene.store.values import Admitted
from tests.contract.store.world import World, failed


def fail(world: World, admitted: Admitted, reason: Reason = Reason.NAVIGATION) -> list[Admitted]:
    world.start(admitted)
    return world.finish(admitted, failed(reason))


@pytest.fixture
def admitted(world: World) -> Admitted:
    world.allow(retry_backoff_seconds=10, retry_backoff_max_seconds=15)
    return world.run(world.batch())[1][0]


def test_it_waits_at_most_its_backoff_and_is_then_admitted_again(world: World, admitted: Admitted) -> None:
    fail(world, admitted)
    waiting = world.store.executions.get(admitted.execution_id)
    assert (waiting.status, waiting.attempt, waiting.worker, waiting.reason) == (Status.QUEUED, 1, None, None)
    assert waiting.not_before is not None
    assert 0 <= (waiting.not_before - world.clock()).total_seconds() <= 10
    world.clock.pass_seconds(10)
    [again] = world.store.executions.admit()
    assert (again.execution_id, again.attempt) == (admitted.execution_id, 2)


def test_the_last_attempt_fails_it_for_good(world: World, admitted: Admitted) -> None:
    for number in (1, 2, 3):
        fail(world, Admitted(admitted.execution_id, number, "chromium", 0))
        world.clock.pass_seconds(15)
        world.store.executions.admit()
    ended = world.store.executions.get(admitted.execution_id)
    assert (ended.status, ended.reason, ended.attempt) == (Status.FAILED, Reason.NAVIGATION, 3)
    assert [attempt.reason for attempt in world.store.executions.attempts(ended.id)] == [Reason.NAVIGATION] * 3
    assert world.store.runs.get(ended.run_id).status is Status.FAILED


def test_each_retry_is_told_and_the_failure_once(world: World, admitted: Admitted) -> None:
    webhook = world.webhook(EventType.TASK_RETRY_ENQUEUED, EventType.TASK_FAILED)
    for number in (1, 2, 3):
        fail(world, Admitted(admitted.execution_id, number, "chromium", 0))
        world.clock.pass_seconds(15)
        world.store.executions.admit()
    assert world.told(webhook) == ["task.retry_enqueued", "task.retry_enqueued", "task.failed"]


@pytest.mark.parametrize("reason", [Reason.SCRIPT, Reason.SELECTOR, Reason.STATUS])
def test_what_would_fail_again_is_not_tried_again(world: World, admitted: Admitted, reason: Reason) -> None:
    fail(world, admitted, reason)
    assert world.store.executions.get(admitted.execution_id).status is Status.FAILED


def test_a_setting_says_what_is_tried_again(world: World, admitted: Admitted) -> None:
    world.allow(retry_reasons=[Reason.SCRIPT])
    fail(world, admitted, Reason.SCRIPT)
    assert world.store.executions.get(admitted.execution_id).status is Status.QUEUED
    other = world.run(world.batch(name="other", project=world.store.projects.get(_project(world, admitted))))[1][0]
    fail(world, other, Reason.NAVIGATION)
    assert world.store.executions.get(other.execution_id).status is Status.FAILED


def _project(world: World, admitted: Admitted) -> str:
    return world.store.runs.get(world.store.executions.get(admitted.execution_id).run_id).project_id


def test_its_files_are_kept_and_its_pictures_are_not(world: World, admitted: Admitted) -> None:
    work = world.start(admitted)
    captured = world.captured(work)
    world.finish(admitted, replace(captured, status=Status.FAILED, reason=Reason.UNSTABLE))
    assert [file.name for file in world.store.artifacts.of(admitted.execution_id)] == ["console.log"]
    assert world.store.screenshots.of([admitted.execution_id])[admitted.execution_id] == []


def test_a_worker_knows_for_which_reasons_another_attempt_follows(world: World, admitted: Admitted) -> None:
    work = world.start(admitted)
    assert {Reason.UNSTABLE, Reason.CRASH} <= work.retried_for
    world.finish(admitted, failed(Reason.CRASH))
    world.allow(attempts=2)
    world.clock.pass_seconds(15)
    [last] = world.store.executions.admit()
    assert world.start(last).retried_for == frozenset()


def test_a_recording_whose_second_attempt_succeeds_becomes_a_baseline(world: World) -> None:
    world.allow(retry_backoff_seconds=0)
    run, [admitted] = world.run(world.batch(), Purpose.BASELINE_RECORDING)
    world.carry_out(fail(world, admitted))
    assert world.store.runs.get(run.id).baseline_id is not None
