"""Leases, take-over and deadlines."""

from scene.domain.records import EventType
from scene.domain.status import Reason, Status
from scene.store.values import SliceRequest
from tests.contract.store.world import World


def test_a_worker_that_renews_keeps_its_attempts(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted, lease_seconds=30)
    held = {(admitted.execution_id, 1)}
    for _ in range(10):
        world.clock.pass_seconds(20)
        assert world.store.executions.renew("w1", 30, held).wanted == held
        assert world.store.executions.take_over(everything=False) == []


def test_only_its_own_attempts_are_a_workers(world: World) -> None:
    _, admitted = world.run(world.batch(cells=2))
    for entry, worker in zip(admitted, ("w1", "w2"), strict=True):
        world.start(entry, worker)
    both = {(entry.execution_id, 1) for entry in admitted}
    assert world.store.executions.renew("w1", 30, both).wanted == {(admitted[0].execution_id, 1)}
    assert world.store.executions.renew("nobody", 30, both).wanted == set()
    assert world.store.executions.renew("w1", 30, set()).wanted == set()


def test_what_a_worker_let_go_of_is_taken_over_while_it_renews_the_rest(world: World) -> None:
    _, admitted = world.run(world.batch(cells=2))
    for entry in admitted:
        world.start(entry, lease_seconds=30)
    kept, let_go = [(entry.execution_id, 1) for entry in admitted]
    world.clock.pass_seconds(20)
    assert world.store.executions.renew("w1", 30, [kept]).wanted == {kept}
    world.clock.pass_seconds(20)
    [again] = world.store.executions.take_over(everything=False)
    assert (again.execution_id, again.attempt) == (let_go[0], 2)


def test_an_attempt_before_is_not_renewed_with_the_one_after(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted)
    [again] = world.store.executions.take_over(everything=True)
    world.start(again)
    assert world.store.executions.renew("w1", 30, {(admitted.execution_id, 1)}).wanted == set()


def test_a_lease_from_a_clock_that_was_put_back_is_shortened(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted, lease_seconds=86_400)
    held = {(admitted.execution_id, 1)}
    assert world.store.executions.renew("w1", 30, held).wanted == held
    world.clock.pass_seconds(30)
    assert len(world.store.executions.take_over(everything=False)) == 1


def test_what_ended_is_no_longer_wanted(world: World) -> None:
    _, [admitted] = world.run(world.batch(), timeout_seconds=10)
    world.start(admitted)
    world.clock.pass_seconds(11)
    world.store.executions.expire()
    assert world.store.executions.renew("w1", 30, {(admitted.execution_id, 1)}).wanted == set()


def test_a_lease_that_ran_out_is_taken_over(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    work = world.start(admitted, lease_seconds=30)
    world.clock.pass_seconds(30)
    [again] = world.store.executions.take_over(everything=False)
    assert (again.execution_id, again.attempt) == (admitted.execution_id, 2)
    assert world.store.executions.finish(admitted.execution_id, 1, world.captured(work)) is None
    restarted = world.start(again, "w2")
    assert (restarted.execution.attempt, restarted.execution.started_at) == (2, work.execution.started_at)
    first, second = world.store.executions.attempts(admitted.execution_id)
    assert (first.status, first.reason, second.status) == (Status.FAILED, Reason.WORKER_LOST, Status.EXECUTING)


def test_a_result_of_the_attempt_before_is_refused(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    late = world.start(admitted)
    [again] = world.store.executions.take_over(everything=True)
    world.start(again)
    assert world.store.executions.finish(admitted.execution_id, 1, world.captured(late)) is None
    assert world.store.executions.get(admitted.execution_id).status is Status.EXECUTING


def test_a_lease_that_lasts_is_left_alone(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted, lease_seconds=30)
    world.clock.pass_seconds(29)
    assert world.store.executions.take_over(everything=False) == []
    assert world.store.executions.get(admitted.execution_id).status is Status.EXECUTING


def test_the_only_server_takes_over_everything_at_its_start(world: World) -> None:
    _, admitted = world.run(world.batch(cells=2))
    world.start(admitted[0])
    again = world.store.executions.take_over(everything=True)
    assert [entry.attempt for entry in again] == [2]
    assert len(world.store.executions.waiting()) == 2


def test_a_worker_can_be_lost_only_so_often(world: World) -> None:
    world.allow(attempts=2)
    webhook = world.webhook(EventType.TASK_RETRY_ENQUEUED, EventType.TASK_FAILED, EventType.RUN_FINISHED)
    run, [admitted] = world.run(world.batch())
    world.start(admitted)
    [again] = world.store.executions.take_over(everything=True)
    world.start(again)
    assert world.store.executions.take_over(everything=True) == []
    ended = world.store.executions.get(admitted.execution_id)
    assert (ended.status, ended.reason, ended.attempt) == (Status.FAILED, Reason.WORKER_LOST, 2)
    assert world.store.runs.get(run.id).status is Status.FAILED
    assert world.told(webhook) == ["task.retry_enqueued", "task.failed", "run.finished"]


def test_a_run_past_its_deadline_ends(world: World) -> None:
    webhook = world.webhook(EventType.TASK_FAILED, EventType.RUN_FINISHED)
    run, admitted = world.run(world.batch(cells=3), timeout_seconds=60)
    world.finish(admitted[0], world.captured(world.start(admitted[0])))
    late = world.start(admitted[1])
    world.clock.pass_seconds(60)
    world.store.executions.expire()
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.reason) == (Status.FAILED, Reason.RUN_TIMEOUT)
    assert (ended.summary.finished, ended.summary.failed) == (1, 2)
    assert world.store.executions.finish(late.execution.id, 1, world.captured(late)) is None
    assert world.told(webhook) == ["task.failed", "task.failed", "run.finished"]


def test_a_run_within_its_time_goes_on(world: World) -> None:
    run, _ = world.run(world.batch(), timeout_seconds=60)
    world.clock.pass_seconds(59)
    assert world.store.executions.expire() == []
    assert world.store.runs.get(run.id).status is Status.QUEUED


def test_an_expired_run_makes_room_for_others(world: World) -> None:
    world.allow(concurrency=1)
    batch = world.batch()
    world.run(batch, timeout_seconds=10)
    waiting, _ = world.run(batch)
    world.clock.pass_seconds(10)
    [admitted] = world.store.executions.expire()
    assert world.store.executions.get(admitted.execution_id).run_id == waiting.id


def test_an_attempt_ended_by_the_deadline_says_so(world: World) -> None:
    run, [admitted] = world.run(world.batch(), timeout_seconds=10)
    world.start(admitted)
    world.clock.pass_seconds(10)
    world.store.executions.expire()
    [attempt] = world.store.executions.attempts(admitted.execution_id)
    assert (attempt.status, attempt.reason) == (Status.FAILED, Reason.RUN_TIMEOUT)
    assert world.store.executions.of_run(run.id, SliceRequest()).items[0].message
