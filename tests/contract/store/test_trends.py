"""How a task and the tasks of a batch did over many runs: the same counts from every store."""

from dataclasses import replace

from scene.domain.baselines import Baseline
from scene.domain.catalog import Batch
from scene.domain.promotion import PromotionDraft
from scene.domain.reviews import Decision, ReviewsDraft
from scene.domain.runs import DryRunDraft, Run, RunPlan
from scene.domain.status import Reason
from scene.domain.trends import Steadiness
from scene.store.values import AttemptOutcome, SliceRequest
from tests.contract.store.world import ANN, World, failed

APPROVE = ReviewsDraft(decision=Decision.APPROVED)
ALL = SliceRequest(limit=100)


def compare(world: World, batch: Batch, baseline: Baseline | None, *percents: float) -> Run:
    """percents: by how much each of its executions differs, in their order."""
    run, admitted = world.run(batch, baseline=baseline)
    for entry, percent in zip(admitted, percents, strict=True):
        world.finish(entry, world.captured(world.start(entry), percent))
    world.clock.pass_seconds(60)
    return run


def unstable(outcome: AttemptOutcome) -> AttemptOutcome:
    return replace(outcome, screenshots=[replace(shot, unstable=True) for shot in outcome.screenshots])


def test_a_task_is_told_run_by_run_oldest_first(world: World) -> None:
    batch = world.batch(cells=2)
    baseline = world.record(batch)
    first = compare(world, batch, baseline, 0, 2)
    second = compare(world, batch, baseline, 5, 0)
    past = world.store.trends.of_task(batch.tasks[0].task_id, 50)
    assert [each.run_id for each in past] == [first.id, first.id, second.id, second.id]
    assert [each.percent_changed for each in past] == [0, 2, 5, 0]
    assert [each.viewport_key for each in past[:2]] == ["100x100@1", "101x100@1"]
    assert {each.baseline_id for each in past} == {baseline.id}
    assert [each.created_at for each in past[::2]] == [first.created_at, second.created_at]
    assert past[0].duration_ms == 1500


def test_only_so_many_of_the_newest_runs_are_told(world: World) -> None:
    batch = world.batch(cells=2)
    ids = [compare(world, batch, None, 0, 0).id for _ in range(3)]
    past = world.store.trends.of_task(batch.tasks[0].task_id, 2)
    assert [each.run_id for each in past] == [ids[1], ids[1], ids[2], ids[2]]


def test_recordings_dry_runs_active_runs_and_other_tasks_are_left_out(world: World) -> None:
    batch = world.batch()
    task_id = batch.tasks[0].task_id
    baseline = world.record(batch)
    dry = world.store.runs.start_dry(task_id, DryRunDraft(), RunPlan(world.plans(batch)), ANN)
    world.carry_out(dry.admitted)
    compare(world, world.batch(project=world.store.projects.get(batch.project_id), name="other"), None, 0)
    ended = compare(world, batch, baseline, 1)
    world.run(batch, baseline=baseline)
    assert [each.run_id for each in world.store.trends.of_task(task_id, 50)] == [ended.id]


def test_retries_failures_and_what_never_stood_still_are_counted_for_each_task(world: World) -> None:
    world.allow(concurrency=100, retry_reasons=[Reason.WORKER_LOST])
    batch = world.batch(cells=4)
    run, (smooth, moving, broken, lost) = world.run(batch, baseline=world.record(batch))
    world.finish(smooth, world.captured(world.start(smooth)))
    world.finish(moving, unstable(world.captured(world.start(moving), 3)))
    world.start(broken)
    world.finish(broken, failed(Reason.UNSTABLE))
    world.start(lost, lease_seconds=1)
    world.clock.pass_seconds(5)
    (again,) = world.store.executions.take_over(everything=False)
    world.finish(again, world.captured(world.start(again)))
    expected = Steadiness(executions=4, changed=1, failed=1, retried=1, unstable=2)
    (told,) = world.store.trends.of_runs([run.id])
    assert (told.task_id, told.task_name) == (batch.tasks[0].task_id, "task of smoke")
    assert told.steadiness == expected
    assert Steadiness.of(world.store.trends.of_task(told.task_id, 50)) == expected


def test_what_was_approved_and_approved_back_is_counted(world: World) -> None:
    batch = world.batch()
    first = world.record(batch)
    there = compare(world, batch, first, 5)
    world.store.reviews.decide_many(there.id, APPROVE, ANN)
    second, _ = world.store.promotions.promote(there.id, PromotionDraft(), ANN)
    world.clock.pass_seconds(60)
    back, admitted = world.run(batch, baseline=second)
    seen = world.captured(world.start(admitted[0]), 5)
    as_at_first = [
        replace(shot, picture=world.store.baselines.items(first.id, ALL).items[0].picture) for shot in seen.screenshots
    ]
    world.finish(admitted[0], replace(seen, screenshots=as_at_first))
    world.store.reviews.decide_many(back.id, APPROVE, ANN)
    expected = Steadiness(executions=2, changed=2, failed=0, retried=0, unstable=0, approved=2, approved_back=1)
    (told,) = world.store.trends.of_runs([there.id, back.id])
    assert told.steadiness == expected
    past = world.store.trends.of_task(told.task_id, 50)
    assert [(each.approved, each.approved_back) for each in past] == [(True, False), (True, True)]


def test_of_no_run_there_is_nothing_to_tell(world: World) -> None:
    assert world.store.trends.of_runs([]) == []
    assert world.store.trends.of_task("nothing", 50) == []
