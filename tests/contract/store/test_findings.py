"""What the comparisons of an execution come to: level, pixels, renderer; and who changed in the same way."""

import pytest

from scene.domain.catalog import BatchDraft
from scene.domain.filters import ScreenshotFilter
from scene.domain.renderers import RendererDifference
from scene.domain.runs import Execution, Run
from scene.store.values import AttemptOutcome, SliceRequest, Work
from tests.contract.store.world import ANN, World, failed

EVERYTHING = SliceRequest(limit=100)


def compared(world: World, *percents: float) -> tuple[Run, list[Execution]]:
    """A run whose executions differ from their baseline by so many percent each."""
    world.allow(concurrency=100)
    batch = world.batch(cells=len(percents))
    run, admitted = world.run(batch, baseline=world.record(batch))
    for entry, percent in zip(admitted, percents, strict=True):
        world.finish(entry, world.captured(world.start(entry), percent))
    return world.store.runs.get(run.id), world.store.executions.of_run(run.id, EVERYTHING).items


def test_levels_are_those_of_the_batchs_thresholds(world: World) -> None:
    run, executions = compared(world, 0, 0.25, 1)
    assert [execution.level for execution in executions] == ["none", "minor", "major"]
    assert [execution.changed_pixels for execution in executions] == [0, 50, 200]
    assert run.level == "major"


def test_a_run_is_minor_below_its_share_of_changed_executions(world: World) -> None:
    assert compared(world, *([0.25] + [0] * 10))[0].level == "minor"


def test_a_run_without_changes_has_the_level_none(world: World) -> None:
    assert compared(world, 0, 0)[0].level == "none"


def test_the_thresholds_are_frozen_with_the_run(world: World) -> None:
    batch = world.batch()
    run, admitted = world.run(batch, baseline=world.record(batch))
    draft = BatchDraft(
        name=batch.name, tasks=batch.tasks, execution_diff_threshold_percent=50, run_diff_threshold_percent=100
    )
    world.store.batches.replace(batch.id, draft, None, ANN)
    world.carry_out(admitted, percent=5)
    after = world.store.runs.get(run.id)
    assert (after.execution_diff_threshold_percent, after.run_diff_threshold_percent, after.level) == (1, 10, "major")
    assert world.store.executions.of_run(run.id, EVERYTHING).items[0].level == "major"


def test_recordings_failures_and_what_has_no_baseline_have_no_level(world: World) -> None:
    batch = world.batch(cells=2)
    run, (first, second) = world.run(batch)
    assert run.level is None
    world.start(first)
    world.finish(first, failed())
    world.carry_out([second])
    assert world.store.runs.get(run.id).level is None
    assert [each.level for each in world.store.executions.of_run(run.id, EVERYTHING).items] == [None, None]


def with_fingerprint(world: World, work: Work, fingerprint: str | None) -> AttemptOutcome:
    outcome = world.captured(work, percent=5)
    (shot,) = outcome.screenshots
    (comparison,) = shot.comparisons
    stats = comparison.stats.model_copy(update={"change_fingerprint": fingerprint})
    shot.comparisons[0] = comparison.model_copy(update={"stats": stats})
    return outcome


def test_others_of_the_run_that_changed_in_the_same_way_are_counted_and_listed(world: World) -> None:
    world.allow(concurrency=100)
    batch = world.batch(cells=4)
    baseline = world.record(batch)
    run, admitted = world.run(batch, baseline=baseline)
    for entry, fingerprint in zip(admitted, ["header", "header", "price", None], strict=True):
        world.finish(entry, with_fingerprint(world, world.start(entry), fingerprint))
    _, again = world.run(batch, baseline=baseline)
    world.finish(again[0], with_fingerprint(world, world.start(again[0]), "header"))

    shots = world.store.screenshots.of([entry.execution_id for entry in admitted])
    counts = [shots[entry.execution_id][0].same_change_count for entry in admitted]
    assert counts == [1, 1, 0, 0]
    assert shots[admitted[0].execution_id][0].sentence == "One region changed. The same change as 1 other of this run."
    only = ScreenshotFilter(change_fingerprint="header")
    listed = world.store.screenshots.of_run(run.id, SliceRequest(limit=1), only)
    rest = world.store.screenshots.of_run(run.id, SliceRequest(limit=1, cursor=listed.next_cursor), only)
    found = [shot.execution_id for shot in listed.items + rest.items]
    assert found == [admitted[1].execution_id, admitted[0].execution_id]
    assert rest.next_cursor is None


@pytest.mark.parametrize("differs", [True, False])
def test_another_renderer_of_the_baseline_is_told_by_the_execution(world: World, differs: bool) -> None:
    batch = world.batch()
    _, (entry,) = world.run(batch, baseline=world.record(batch))
    outcome = world.captured(world.start(entry))
    found = [RendererDifference(what="version", baseline="1", observed="2")] if differs else []
    comparisons = outcome.screenshots[0].comparisons
    comparisons[0] = comparisons[0].model_copy(update={"renderer_differences": found})
    world.finish(entry, outcome)
    assert world.store.executions.get(entry.execution_id).renderer_differs is differs
    (shot,) = world.store.screenshots.of([entry.execution_id])[entry.execution_id]
    assert shot.comparisons[0].renderer_differences == found
    assert shot.comparisons[0].against_renderer == shot.renderer
