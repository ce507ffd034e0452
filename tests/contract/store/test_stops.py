"""Stopping runs and executions: softly and hard, in every state that they can be in."""

import pytest

from scene.domain.records import EventType
from scene.domain.runs import Run
from scene.domain.status import Purpose, Reason, Status
from scene.domain.stopping import Stop, StopMode
from scene.errors import NotFound
from scene.store.values import Admitted, SliceRequest
from tests.contract.store.world import ANN, World, failed

Both = pytest.mark.parametrize("mode", list(StopMode))


@pytest.fixture
def started(world: World) -> tuple[Run, list[Admitted]]:
    """Four executions of which two are admitted and the first executes."""
    run, admitted = world.run(world.batch(cells=4))
    world.start(admitted[0])
    return run, admitted


def statuses(world: World, run: Run) -> list[tuple[str, str | None]]:
    found = world.store.executions.of_run(run.id, SliceRequest()).items
    return [(str(each.status), each.reason and str(each.reason)) for each in found]


def test_a_soft_stop_ends_what_waits_and_lets_what_executes_end(world: World, started) -> None:
    run, admitted = started
    stopped, stop, more = world.store.runs.stop(run.id, StopMode.SOFT, ANN)
    assert (stop, more) == (Stop(ended=3, asked=1), [])
    assert (stopped.status, stopped.stop_reason) == (Status.EXECUTING, Reason.SOFT_STOP)
    assert statuses(world, run) == [("executing", None)] + [("failed", "soft_stop")] * 3
    held = world.store.executions.renew("w1", 30, {(admitted[0].execution_id, 1)})
    assert held.wanted == held.ending == {(admitted[0].execution_id, 1)}


def test_the_result_of_what_was_asked_to_end_counts_and_its_run_has_failed(world: World) -> None:
    run, admitted = world.run(world.batch(cells=4))
    work = world.start(admitted[0])
    world.store.runs.stop(run.id, StopMode.SOFT, ANN)
    assert world.store.executions.get(admitted[0].execution_id).no_retry
    world.finish(admitted[0], world.captured(work))
    assert statuses(world, run)[0] == ("finished", None)
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.reason) == (Status.FAILED, Reason.SOFT_STOP)


def test_what_was_asked_to_end_is_never_tried_again(world: World, started) -> None:
    run, admitted = started
    world.store.executions.stop(admitted[0].execution_id, StopMode.SOFT, ANN)
    world.finish(admitted[0], failed(Reason.NAVIGATION))
    assert statuses(world, run)[0] == ("failed", "navigation")


def test_a_hard_stop_ends_everything_at_once(world: World, started) -> None:
    run, admitted = started
    stopped, stop, _ = world.store.runs.stop(run.id, StopMode.HARD, ANN)
    assert stop == Stop(ended=4)
    assert (stopped.status, stopped.reason) == (Status.FAILED, Reason.HARD_STOP)
    assert set(statuses(world, run)) == {("failed", "hard_stop")}
    [attempt] = world.store.executions.attempts(admitted[0].execution_id)
    assert (attempt.status, attempt.reason) == (Status.FAILED, Reason.HARD_STOP)
    assert world.store.executions.renew("w1", 30, {(admitted[0].execution_id, 1)}).wanted == set()
    assert world.store.executions.finish(admitted[0].execution_id, 1, failed()) is None, "a late result is refused"
    assert world.store.executions.admit() == []


@Both
def test_what_waits_for_its_next_attempt_never_starts(world: World, mode: StopMode) -> None:
    run, [admitted] = world.run(world.batch())
    world.start(admitted)
    world.finish(admitted, failed(Reason.NAVIGATION))
    world.store.runs.stop(run.id, mode, ANN)
    assert statuses(world, run) == [("failed", str(mode.reason))]
    world.clock.pass_seconds(3_600)
    assert world.store.executions.admit() == []


@Both
def test_stopping_twice_changes_nothing(world: World, started, mode: StopMode) -> None:
    run, _ = started
    world.store.runs.stop(run.id, mode, ANN)
    before = (world.store.runs.get(run.id), statuses(world, run), len(world.store.records.audit(SliceRequest()).items))
    assert world.store.runs.stop(run.id, mode, ANN)[1] == Stop()
    assert before == (
        world.store.runs.get(run.id),
        statuses(world, run),
        len(world.store.records.audit(SliceRequest()).items),
    )


def test_a_hard_stop_follows_a_soft_one(world: World, started) -> None:
    run, _ = started
    world.store.runs.stop(run.id, StopMode.SOFT, ANN)
    assert world.store.runs.stop(run.id, StopMode.HARD, ANN)[1] == Stop(ended=1)
    assert world.store.runs.get(run.id).reason is Reason.HARD_STOP


@Both
def test_what_has_ended_stays_as_it_is(world: World, mode: StopMode) -> None:
    run, admitted = world.run(world.batch())
    world.carry_out(admitted)
    ended = world.store.runs.get(run.id)
    assert world.store.runs.stop(run.id, mode, ANN)[:2] == (ended, Stop())
    assert world.store.executions.stop(admitted[0].execution_id, mode, ANN)[1] == Stop()


@Both
def test_one_execution_is_stopped_and_the_others_go_on(world: World, started, mode: StopMode) -> None:
    run, admitted = started
    execution, stop, more = world.store.executions.stop(admitted[1].execution_id, mode, ANN)
    assert (execution.status, execution.reason, stop) == (Status.FAILED, mode.reason, Stop(ended=1))
    assert len(more) == 1, "its place is given to the next"
    assert world.store.runs.get(run.id).status is Status.EXECUTING


@Both
def test_a_stopped_recording_makes_no_baseline(world: World, mode: StopMode) -> None:
    run, admitted = world.run(world.batch(cells=2), Purpose.BASELINE_RECORDING)
    works = [world.start(each) for each in admitted]
    world.finish(admitted[0], world.captured(works[0]))
    world.store.runs.stop(run.id, mode, ANN)
    if mode is StopMode.SOFT:
        world.finish(admitted[1], world.captured(works[1]))
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.baseline_id) == (Status.FAILED, None)


def test_who_stopped_what_is_in_the_audit_log_and_told_to_webhooks(world: World, started) -> None:
    run, _ = started
    webhook = world.webhook(EventType.TASK_FAILED, EventType.RUN_FINISHED)
    world.store.runs.stop(run.id, StopMode.HARD, ANN)
    stopped = next(e for e in world.store.records.audit(SliceRequest()).items if e.action == "run.stopped")
    assert (stopped.actor, stopped.targets, stopped.data) == (
        ANN,
        [f"run:{run.id}"],
        {"mode": "hard", "ended": 4, "asked": 0},
    )
    assert sorted(world.told(webhook)) == ["run.finished"] + ["task.failed"] * 4


def test_a_worker_that_is_lost_after_a_soft_stop_is_not_replaced(world: World, started) -> None:
    run, _ = started
    world.store.runs.stop(run.id, StopMode.SOFT, ANN)
    world.clock.pass_seconds(31)
    assert world.store.executions.take_over(everything=False) == []
    assert statuses(world, run)[0] == ("failed", "worker_lost")
    assert world.store.runs.get(run.id).reason is Reason.SOFT_STOP


def test_what_is_not_there_cannot_be_stopped(world: World) -> None:
    with pytest.raises(NotFound):
        world.store.runs.stop("nothing", StopMode.SOFT, ANN)
    with pytest.raises(NotFound):
        world.store.executions.stop("nothing", StopMode.HARD, ANN)
