"""A run of only what failed or changed in another one."""

import pytest

from scene.domain.catalog import Batch
from scene.domain.runs import Cell, Rerun, Run
from scene.domain.status import Purpose
from scene.errors import Invalid
from scene.store.values import Admitted, SliceRequest
from tests.contract.store.world import World, failed


@pytest.fixture(autouse=True)
def _nothing_waits(world: World) -> None:
    world.allow(concurrency=9)


def end(world: World, admitted: list[Admitted], *ends: float | None) -> None:
    """Finish each execution with so many percent changed, or fail it."""
    for entry, percent in zip(admitted, ends, strict=True):
        work = world.start(entry)
        world.finish(entry, failed() if percent is None else world.captured(work, percent))


def record(world: World, batch: Batch, *ends: float | None, **draft: object) -> Run:
    run, admitted = world.run(batch, Purpose.BASELINE_RECORDING, **draft)
    end(world, admitted, *ends)
    return world.store.runs.get(run.id)


def keys(world: World, baseline_id: str) -> list[str]:
    return sorted(item.viewport_key for item in world.store.baselines.items(baseline_id, SliceRequest()).items)


def test_the_cells_of_a_rerun_are_those_that_failed_or_changed(world: World) -> None:
    batch = world.batch(cells=3)
    run, admitted = world.run(batch, baseline=world.record(batch))
    end(world, admitted, 0, 1, None)
    cell = [Cell(batch.tasks[0].task_id, "chromium", f"{100 + index}x100@1") for index in range(3)]
    assert world.store.executions.cells(run.id, Rerun.FAILED) == {cell[2]}
    assert world.store.executions.cells(run.id, Rerun.CHANGED) == {cell[1]}
    assert world.store.executions.cells(run.id, Rerun.FAILED_AND_CHANGED) == {cell[1], cell[2]}


def test_a_rerun_knows_what_it_repeats(world: World) -> None:
    batch = world.batch()
    first, admitted = world.run(batch)
    end(world, admitted, None)
    again, _ = world.run(batch, rerun_of=first.id, rerun="failed")
    assert (again.rerun_of, again.rerun) == (first.id, Rerun.FAILED)


def test_a_rerun_of_what_failed_completes_a_recording(world: World) -> None:
    batch = world.batch(cells=3)
    first = record(world, batch, 0, None, 0)
    assert first.baseline_id is None
    again, admitted = world.run(batch, Purpose.BASELINE_RECORDING, cells=[1], rerun_of=first.id)
    world.carry_out(admitted)
    baseline = world.store.baselines.get(world.store.runs.get(again.id).baseline_id or "")
    assert (baseline.run_id, baseline.items_total, baseline.items_missing) == (again.id, 3, 0)
    assert keys(world, baseline.id) == ["100x100@1", "101x100@1", "102x100@1"]


def test_a_rerun_of_a_rerun_completes_a_recording_too(world: World) -> None:
    batch = world.batch(cells=3)
    first = record(world, batch, 0, None, None)
    second = record(world, batch, 0, None, cells=[1, 2], rerun_of=first.id)
    assert second.baseline_id is None
    third = record(world, batch, 0, cells=[2], rerun_of=second.id)
    assert keys(world, third.baseline_id or "") == ["100x100@1", "101x100@1", "102x100@1"]


def test_what_was_recorded_again_is_taken_from_the_last(world: World) -> None:
    batch = world.batch(cells=2)
    first = record(world, batch, 0, None)
    second = record(world, batch, 3, 3, rerun_of=first.id)
    items = world.store.baselines.items(second.baseline_id or "", SliceRequest()).items
    assert len({item.picture.sha256 for item in items} & {world.picture("100x100@1 full 3").sha256}) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rerun_of": "gone"}, "There is no run"),
        ({"purpose": Purpose.COMPARISON}, "baseline_recording"),
        ({"line": "release"}, "line"),
    ],
)
def test_a_rerun_that_does_not_fit_is_refused(world: World, change: dict[str, object], said: str) -> None:
    batch = world.batch(cells=2)
    first = record(world, batch, 0, None)
    asked = {"purpose": Purpose.BASELINE_RECORDING, "rerun_of": first.id} | change
    with pytest.raises(Invalid, match=said) as caught:
        world.run(batch, **asked)
    assert caught.value.fields[0].field in ("rerun_of", "line")


def test_a_run_of_another_batch_is_not_repeated(world: World) -> None:
    project = world.project()
    batch, other = world.batch(project=project), world.batch(project=project, name="other")
    first, admitted = world.run(other)
    end(world, admitted, None)
    with pytest.raises(Invalid, match="another batch"):
        world.run(batch, rerun_of=first.id)


def test_a_run_that_is_active_is_not_repeated(world: World) -> None:
    batch = world.batch()
    first, _ = world.run(batch)
    with pytest.raises(Invalid, match="not ended"):
        world.run(batch, rerun_of=first.id)
