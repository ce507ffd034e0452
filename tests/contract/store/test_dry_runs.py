"""Dry runs: carried out like any, and in nothing that is listed, told or kept."""

from datetime import timedelta

import pytest

from scene.domain.catalog import Batch
from scene.domain.filters import EVERY_RUN, RunFilter
from scene.domain.runs import DryRunDraft, Run, RunPlan
from scene.domain.status import Purpose, Status, Verdict
from scene.errors import InUse, NotFound
from scene.store.values import Admitted, SliceRequest
from tests.contract.store.world import ANN, World


def dry_run(world: World, batch: Batch) -> tuple[Run, list[Admitted]]:
    """Of the batch's first cell, compared with the newest baseline."""
    (first, *_) = world.plans(batch)
    baseline = world.store.baselines.latest_of_task(first.snapshot.task_id)
    plan = RunPlan([first], baseline.id if baseline else None)
    return world.store.runs.start_dry(first.snapshot.task_id, DryRunDraft(), plan, ANN)[:2]


def test_it_runs_like_any_other(world: World) -> None:
    run, admitted = dry_run(world, world.batch(cells=2))
    assert (run.purpose, run.batch_id, run.batch_name, run.summary.total) == (
        Purpose.DRY_RUN, None, "task of smoke", 1,
    )  # fmt: skip
    world.carry_out(admitted)
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.verdict) == (Status.FINISHED, Verdict.NO_BASELINE)


def test_it_compares_with_the_newest_baseline_of_its_task(world: World) -> None:
    batch = world.batch(cells=2)
    world.record(batch)
    newest = world.record(batch)
    world.record(batch, line="branch")
    run, admitted = dry_run(world, batch)
    world.carry_out(admitted, percent=5)
    ended = world.store.runs.get(run.id)
    assert (ended.baseline_id, ended.verdict, ended.summary.total) == (newest.id, Verdict.CHANGED, 1)
    other = world.batch(project=world.store.projects.get(batch.project_id), name="other")
    assert world.store.baselines.latest_of_task(other.tasks[0].task_id) is None


def test_it_is_in_no_list_and_told_to_nobody(world: World) -> None:
    batch = world.batch()
    hook = world.webhook()
    entries = len(world.store.records.audit(SliceRequest()).items)
    run, admitted = dry_run(world, batch)
    world.carry_out(admitted)
    for only in (EVERY_RUN, RunFilter(purpose=Purpose.DRY_RUN), RunFilter(project_id=batch.project_id)):
        assert world.store.runs.newest(only, SliceRequest()).items == []
    assert world.told(hook) == []
    world.store.runs.delete(run.id, ANN)
    assert len(world.store.records.audit(SliceRequest()).items) == entries


def test_an_active_one_keeps_its_task_and_a_lost_worker_does_not_stop_it(world: World) -> None:
    batch = world.batch()
    run, (admitted,) = dry_run(world, batch)
    with pytest.raises(InUse, match=run.id):
        world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)
    world.start(admitted)
    world.clock.pass_seconds(60)
    world.carry_out(world.store.executions.take_over(everything=False))
    assert world.store.runs.get(run.id).status is Status.FINISHED


def test_after_a_while_it_is_gone_with_its_pictures(world: World) -> None:
    batch = world.batch()
    world.carry_out(world.run(batch)[1], percent=1)
    run, admitted = dry_run(world, batch)
    world.carry_out(admitted)
    active, _ = dry_run(world, batch)
    shown = world.store.screenshots.of([admitted[0].execution_id])[admitted[0].execution_id][0].picture
    world.clock.pass_seconds(1)
    assert world.store.runs.purge_dry(world.clock.now - timedelta(days=1)) == 0
    assert world.store.runs.purge_dry(world.clock.now, dry_run=True) == 1
    assert world.store.runs.purge_dry(world.clock.now) == 1
    with pytest.raises(NotFound):
        world.store.runs.get(run.id)
    assert world.store.screenshots.picture(shown.sha256) is None
    assert world.store.runs.get(active.id).status is Status.QUEUED
    assert len(world.store.runs.newest(EVERY_RUN, SliceRequest()).items) == 1


def test_it_keeps_no_baseline_from_going_once_it_has_ended(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    run, admitted = dry_run(world, batch)
    with pytest.raises(InUse, match=run.id):
        world.store.baselines.delete(baseline.id, ANN)
    world.carry_out(admitted)
    world.store.baselines.delete(baseline.id, ANN)
    with pytest.raises(NotFound):
        world.store.runs.get(run.id)


def test_a_task_that_is_gone_is_not_tried(world: World) -> None:
    batch = world.batch()
    plans = world.plans(batch)
    world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)
    with pytest.raises(NotFound):
        world.store.runs.start_dry(batch.tasks[0].task_id, DryRunDraft(), RunPlan(plans), ANN)
