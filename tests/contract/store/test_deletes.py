"""Runs and baselines are deleted with what nobody else shows."""

import itertools
from dataclasses import replace

import pytest

from scene.domain.catalog import BaselinePolicy, Batch, BatchDraft
from scene.domain.model import new_id
from scene.domain.pictures import Artifact, ArtifactType, Comparison, ComparisonKind, Picture, Screenshot
from scene.domain.runs import Run
from scene.domain.status import Purpose, Verdict
from scene.errors import Conflict, InUse, Invalid, NotFound
from scene.store.values import SliceRequest
from tests.contract.store.test_races import at_once
from tests.contract.store.world import ANN, World, failed


def ended(world: World, batch: Batch, percent: float = 0, **draft: object) -> Run:
    run, admitted = world.run(batch, **draft)
    world.carry_out(admitted, percent)
    return world.store.runs.get(run.id)


def shots(world: World, run: Run) -> list[Screenshot]:
    ids = [execution.id for execution in world.store.executions.of_run(run.id, SliceRequest()).items]
    return list(itertools.chain.from_iterable(world.store.screenshots.of(ids).values()))


def is_kept(world: World, artifact: Artifact | None) -> bool:
    assert artifact is not None
    try:
        return world.store.artifacts.get(artifact.id) == artifact
    except NotFound:
        return False


def test_a_run_goes_with_all_its_files(world: World) -> None:
    batch = world.batch()
    run = ended(world, batch, 5, baseline=world.record(batch))
    [shot] = shots(world, run)
    [comparison] = shot.comparisons
    assert shot.picture is not None
    files = [shot.picture.image, shot.picture.thumbnail, comparison.diff, comparison.heatmap]
    files += world.store.artifacts.of(shot.execution_id)
    assert all(is_kept(world, file) for file in files)
    world.store.runs.delete(run.id, ANN)
    assert not any(is_kept(world, file) for file in files)
    assert world.store.screenshots.picture(shot.picture.sha256) is None
    with pytest.raises(NotFound):
        world.store.runs.get(run.id)
    assert world.store.records.audit(SliceRequest()).items[0].action == "run.deleted"


def test_drawings_that_no_execution_owns_go_with_their_comparison(world: World) -> None:
    batch = world.batch()
    run, [admitted] = world.run(batch, baseline=world.record(batch))
    outcome = world.captured(world.start(admitted), 5)
    [shot] = outcome.screenshots
    [comparison] = shot.comparisons
    diff = world.artifact("diff.png", ArtifactType.DIFF)
    drawn = replace(shot, comparisons=[comparison.model_copy(update={"diff": diff, "heatmap": None})])
    world.finish(admitted, replace(outcome, screenshots=[drawn]))
    assert is_kept(world, diff)
    world.store.runs.delete(run.id, ANN)
    assert not is_kept(world, diff)


def test_a_picture_that_a_baseline_needs_stays(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    before = world.store.baselines.items(baseline.id, SliceRequest()).items
    world.store.runs.delete(baseline.run_id, ANN)
    assert world.store.baselines.items(baseline.id, SliceRequest()).items == before
    assert is_kept(world, before[0].picture.image)


def test_a_picture_that_another_run_shows_stays(world: World) -> None:
    batch = world.batch()
    first, second = ended(world, batch), ended(world, batch)
    picture = shots(world, second)[0].picture
    world.store.runs.delete(first.id, ANN)
    assert shots(world, second)[0].picture == picture
    world.store.runs.delete(second.id, ANN)
    assert picture is not None
    assert not is_kept(world, picture.image)


def test_a_run_that_is_active_stays(world: World) -> None:
    run, [admitted] = world.run(world.batch())
    with pytest.raises(InUse, match=run.id):
        world.store.runs.delete(run.id, ANN)
    world.start(admitted)
    with pytest.raises(InUse, match=run.id):
        world.store.runs.delete(run.id, ANN)


def test_a_run_that_is_being_repeated_stays(world: World) -> None:
    batch = world.batch()
    first, [admitted] = world.run(batch, Purpose.BASELINE_RECORDING)
    world.start(admitted)
    world.finish(admitted, failed())
    second, [admitted] = world.run(batch, Purpose.BASELINE_RECORDING, rerun_of=first.id)
    world.start(admitted)
    world.finish(admitted, failed())
    third, admitted_third = world.run(batch, Purpose.BASELINE_RECORDING, rerun_of=second.id)
    with pytest.raises(InUse, match=third.id):
        world.store.runs.delete(first.id, ANN)
    world.carry_out(admitted_third)
    world.store.runs.delete(first.id, ANN)


def test_a_recording_whose_pictures_are_gone_is_not_completed(world: World) -> None:
    batch = world.batch(cells=2)
    first, admitted = world.run(batch, Purpose.BASELINE_RECORDING)
    for entry, outcome in zip(admitted, (None, failed()), strict=True):
        work = world.start(entry)
        world.finish(entry, outcome or world.captured(work))
    second, [entry] = world.run(batch, Purpose.BASELINE_RECORDING, cells=[1], rerun_of=first.id)
    world.start(entry)
    world.finish(entry, failed())
    world.store.runs.delete(first.id, ANN)
    with pytest.raises(Invalid, match="was deleted"):
        world.run(batch, Purpose.BASELINE_RECORDING, cells=[1], rerun_of=second.id)


def test_a_run_is_deleted_once(world: World) -> None:
    run = ended(world, world.batch())
    results = at_once([lambda: world.store.runs.delete(run.id, ANN)] * 3)
    assert sum(isinstance(result, NotFound) for result in results) == 2


def test_a_baseline_goes_with_its_pictures(world: World) -> None:
    baseline = world.record(world.batch())
    [item] = world.store.baselines.items(baseline.id, SliceRequest()).items
    world.store.runs.delete(baseline.run_id, ANN)
    world.store.baselines.delete(baseline.id, ANN)
    assert not is_kept(world, item.picture.image)
    assert world.store.records.audit(SliceRequest()).items[0].action == "baseline.deleted"
    with pytest.raises(NotFound):
        world.store.baselines.delete(baseline.id, ANN)


def test_the_recording_outlives_its_baseline(world: World) -> None:
    baseline = world.record(world.batch())
    world.store.baselines.delete(baseline.id, ANN)
    recording = world.store.runs.get(baseline.run_id)
    assert recording.baseline_id is None
    assert is_kept(world, shots(world, recording)[0].picture.image)  # type: ignore[union-attr]


def test_a_baseline_that_a_run_used_stays_until_the_run_is_gone(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    runs = [ended(world, batch, baseline=baseline) for _ in range(7)]
    with pytest.raises(InUse, match=f"the runs '{runs[6].id}'.* and 2 more"):
        world.store.baselines.delete(baseline.id, ANN)
    for run in runs:
        world.store.runs.delete(run.id, ANN)
    world.store.baselines.delete(baseline.id, ANN)


def test_a_baseline_that_a_batch_pins_stays(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    policy = BaselinePolicy(use="pinned", baseline_id=baseline.id)
    draft = BatchDraft(name="smoke", tasks=batch.tasks)
    world.store.batches.replace(batch.id, draft.model_copy(update={"baseline_policy": policy}), None, ANN)
    with pytest.raises(InUse, match="'smoke' pins"):
        world.store.baselines.delete(baseline.id, ANN)
    world.store.batches.replace(batch.id, draft, None, ANN)
    world.store.baselines.delete(baseline.id, ANN)


def test_a_batch_and_a_project_go_with_their_pictures(world: World) -> None:
    project = world.project()
    gone = []
    for name in ("a", "b"):
        batch = world.batch(project=project, name=name, cells=1)
        shot = shots(world, ended(world, batch, 5, baseline=world.record(batch)))[0]
        gone += [shot.picture.image, shot.comparisons[0].diff]  # type: ignore[union-attr]
    world.store.batches.delete(batch.id, None, ANN)
    assert [is_kept(world, file) for file in gone] == [True, True, True, False]
    world.store.projects.delete(project.id, None, ANN)
    assert not any(is_kept(world, file) for file in gone)


@pytest.mark.parametrize("round_", range(5))
def test_a_picture_that_is_captured_while_its_last_run_is_deleted_is_there(world: World, round_: int) -> None:
    world.allow(concurrency=9)
    batch = world.batch(cells=3)
    old = ended(world, batch)
    _, admitted = world.run(batch)
    outcomes = [(entry, world.captured(world.start(entry))) for entry in admitted]
    results = at_once(
        [
            lambda: world.store.runs.delete(old.id, ANN),
            *[lambda entry=entry, outcome=outcome: world.finish(entry, outcome) for entry, outcome in outcomes],
        ]
    )
    assert results == [None, [], [], []]
    for entry, outcome in outcomes:
        [shot] = world.store.screenshots.of([entry.execution_id])[entry.execution_id]
        assert shot.picture is not None
        assert shot.picture.sha256 == outcome.screenshots[0].picture.sha256  # type: ignore[union-attr]
        assert is_kept(world, shot.picture.image)


@pytest.mark.parametrize("round_", range(3))
def test_a_baseline_is_used_or_deleted_but_not_both(world: World, round_: int) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    deleted, made = at_once(
        [lambda: world.store.baselines.delete(baseline.id, ANN), lambda: world.run(batch, baseline=baseline)]
    )
    assert isinstance(deleted, Conflict) != isinstance(made, Invalid)


def test_the_picture_of_a_reference_goes_with_the_last_comparison(world: World) -> None:
    batch = world.batch()
    ids = []
    for _ in range(2):
        run, [admitted] = world.run(batch, baseline=world.record(batch))
        outcome = world.captured(world.start(admitted))
        [shot] = outcome.screenshots
        reference = replace_comparison(shot.comparisons[0], world.picture("reference"))
        shot = replace(shot, comparisons=[*shot.comparisons, reference])
        world.finish(admitted, replace(outcome, screenshots=[shot]))
        ids.append(run.id)
        [stored] = shots(world, run)
        assert stored.reference_differs is True
        assert world.store.executions.get(admitted.execution_id).reference_differs is True
        assert stored.newest(ComparisonKind.REFERENCE) == reference.model_copy(
            update={"against": world.store.screenshots.picture(reference.against.sha256)}
        )
    digest = reference.against.sha256
    world.store.runs.delete(ids[0], ANN)
    assert world.store.screenshots.picture(digest) is not None
    world.store.runs.delete(ids[1], ANN)
    assert world.store.screenshots.picture(digest) is None


def replace_comparison(comparison: Comparison, reference: Picture) -> Comparison:
    """The same, with a reference page that differs."""
    fields = {"id": new_id(), "kind": ComparisonKind.REFERENCE, "decides": False, "baseline_item_id": None}
    fields |= {"against": reference, "against_renderer": None, "verdict": Verdict.CHANGED}
    return comparison.model_copy(update=fields)
