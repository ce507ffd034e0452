"""A recording of some tasks keeps the pictures of the others."""

import pytest

from scene.domain.baselines import Baseline
from scene.domain.catalog import Batch, BatchDraft, BatchTask, TaskDraft
from scene.domain.status import Purpose
from scene.domain.viewport import Viewport
from scene.store.values import SliceRequest
from tests.contract.store.test_races import at_once
from tests.contract.store.world import ANN, World


@pytest.fixture
def batch(world: World) -> Batch:
    """Of the tasks a, b and c."""
    world.allow(concurrency=9)
    project = world.project()
    entries = [BatchTask(task_id=world.task(project, name).id) for name in "abc"]
    return world.store.batches.create(project.id, BatchDraft(name="smoke", tasks=entries), ANN)


def record(world: World, batch: Batch, *cells: int, **draft: object) -> Baseline:
    """A recording of these tasks only; of all when none is given."""
    if not cells:
        return world.record(batch, **draft)
    return world.record(batch, cells=list(cells), task_ids=[batch.tasks[cell].task_id for cell in cells], **draft)


def change(world: World, batch: Batch, *tasks: BatchTask) -> None:
    draft = BatchDraft(name=batch.name, tasks=list(tasks))
    world.store.batches.replace(batch.id, draft, None, ANN)


def items(world: World, baseline: Baseline) -> dict[str, str]:
    """Where each picture came from: the configuration that its task had."""
    found = world.store.baselines.items(baseline.id, SliceRequest()).items
    return {item.task_name: item.snapshot_digest for item in found}


def coverage(baseline: Baseline) -> tuple[int, int, int]:
    return baseline.items_total, baseline.items_succeeded, baseline.items_missing


def rename(world: World, batch: Batch, index: int, name: str, viewports: int = 1) -> None:
    """So that what is recorded from now on can be told apart."""
    task = world.store.tasks.get(batch.tasks[index].task_id)
    sizes = [Viewport(width=100 + number, height=100) for number in range(viewports)]
    world.store.tasks.replace(task.id, TaskDraft(name=name, page_id=task.page_id, viewports=sizes), None, ANN)


def test_the_other_items_are_those_of_the_baseline_before(world: World, batch: Batch) -> None:
    whole = record(world, batch)
    for index, name in enumerate(("a2", "b2", "c2")):
        rename(world, batch, index, name)
    partial = record(world, batch, 1)
    assert set(items(world, partial)) == {"a", "b2", "c"}
    assert (partial.parent_id, coverage(partial)) == (whole.id, (3, 3, 0))
    assert set(items(world, whole)) == {"a", "b", "c"}


def test_what_nobody_recorded_is_missing(world: World, batch: Batch) -> None:
    assert coverage(record(world, batch, 0)) == (3, 1, 2)
    assert coverage(record(world, batch, 0, 1)) == (3, 2, 1)
    rename(world, batch, 2, "c", viewports=4)
    assert coverage(record(world, batch, 1)) == (6, 2, 4)


def test_a_recorded_task_keeps_none_of_its_old_items(world: World, batch: Batch) -> None:
    rename(world, batch, 0, "a", viewports=2)
    assert coverage(world.record(batch)) == (4, 4, 0)
    rename(world, batch, 0, "a", viewports=1)
    assert coverage(record(world, batch, 0)) == (3, 3, 0)


def test_a_task_that_left_the_batch_is_kept_by_a_part_and_dropped_by_the_whole(world: World, batch: Batch) -> None:
    record(world, batch)
    change(world, batch, *batch.tasks[:2])
    assert set(items(world, record(world, batch, 0))) == {"a", "b", "c"}
    assert set(items(world, record(world, batch))) == {"a", "b"}


def test_a_task_that_is_disabled_for_now_keeps_its_items(world: World, batch: Batch) -> None:
    record(world, batch)
    change(world, batch, *batch.tasks[:2], batch.tasks[2].model_copy(update={"enabled": False}))
    whole = record(world, batch)
    assert set(items(world, whole)) == {"a", "b", "c"}
    assert coverage(whole) == (3, 3, 0)


def test_a_new_line_begins_with_the_items_of_its_parent_line(world: World, batch: Batch) -> None:
    main = record(world, batch)
    branch = record(world, batch, 0, line="branch", parent_line="main")
    assert (branch.parent_id, coverage(branch)) == (main.id, (3, 3, 0))
    record(world, batch, 1)
    assert record(world, batch, 2, line="branch", parent_line="main").parent_id == branch.id


def test_parts_that_end_at_once_lose_nothing(world: World, batch: Batch) -> None:
    record(world, batch)
    for index, name in enumerate(("a2", "b2", "c2")):
        rename(world, batch, index, name)
    started = [
        world.run(batch, Purpose.BASELINE_RECORDING, cells=[cell], task_ids=[batch.tasks[cell].task_id])
        for cell in range(3)
    ]
    outcomes = [(entry, world.captured(world.start(entry))) for _, [entry] in started]
    at_once([lambda entry=entry, outcome=outcome: world.finish(entry, outcome) for entry, outcome in outcomes])
    latest = world.store.baselines.latest(batch.id, "main")
    assert latest is not None
    assert set(items(world, latest)) == {"a2", "b2", "c2"}


def test_a_rerun_completes_a_part(world: World, batch: Batch) -> None:
    record(world, batch)
    asked = [batch.tasks[cell].task_id for cell in (0, 1)]
    first, admitted = world.run(batch, Purpose.BASELINE_RECORDING, cells=[0, 1], task_ids=asked)
    world.finish(admitted[0], world.captured(world.start(admitted[0])))
    world.start(admitted[1])
    world.store.executions.take_over(everything=True)
    world.allow(attempts=1)
    [again] = world.store.executions.waiting()
    world.start(again)
    world.store.executions.take_over(everything=True)
    assert world.store.runs.get(first.id).baseline_id is None
    assert coverage(world.record(batch, cells=[1], rerun_of=first.id)) == (3, 3, 0)
