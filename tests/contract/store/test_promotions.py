"""New baselines out of what was approved. Nothing that is there changes."""

import pytest

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.catalog import Batch, BatchDraft, BatchTask
from scene.domain.promotion import BaselineMoved, CarryingDraft, ChangeKind, PromotionDraft, RestorationDraft
from scene.domain.reviews import Among, ReviewDraft, ReviewsDraft
from scene.domain.runs import Run
from scene.errors import Conflict, IdempotencyConflict
from scene.store.values import IdempotencyKey, SliceRequest
from tests.contract.store.test_reviews import shots
from tests.contract.store.world import ANN, World

ALL = ReviewsDraft(decision="approved")
PROMOTE = PromotionDraft()


def compared(world: World, batch: Batch, baseline: Baseline | None, percent: float = 5, **draft: object) -> Run:
    run, admitted = world.run(batch, baseline=baseline, **draft)
    world.carry_out(admitted, percent)
    return run


def items(world: World, baseline: Baseline) -> list[BaselineItem]:
    return world.store.baselines.items(baseline.id, SliceRequest(limit=100)).items


def digests(world: World, baseline: Baseline) -> list[str]:
    return [item.picture.sha256 for item in items(world, baseline)]


def test_approved_pictures_take_the_place_of_the_old_ones(world: World) -> None:
    batch = world.batch(cells=2)
    old = world.record(batch)
    before = items(world, old)
    run = compared(world, batch, old)
    first, _ = shots(world, run)
    world.store.reviews.decide(first.id, ReviewDraft(decision="approved", comment="Yes"), ANN)
    new, is_new = world.store.promotions.promote(run.id, PROMOTE, ANN)
    assert is_new
    assert (new.kind, new.parent_id, new.run_id, new.line) == ("promotion", old.id, run.id, "main")
    assert new.changes is not None
    assert (new.changes.replaced, new.changes.kept) == (1, 1)
    replaced, kept = items(world, new)
    assert first.picture is not None
    assert (replaced.picture.sha256, kept.picture.sha256) == (first.picture.sha256, before[1].picture.sha256)
    assert replaced.origin is not None
    assert (replaced.origin.comment, replaced.origin.by, replaced.origin.baseline_id) == ("Yes", "ann", new.id)
    assert items(world, old) == before, "the old one stays as it was"
    assert world.store.baselines.latest(batch.id, "main") == new


def test_without_an_approval_there_is_nothing_to_promote(world: World) -> None:
    batch = world.batch()
    run = compared(world, batch, world.record(batch))
    with pytest.raises(Conflict, match="nothing to promote"):
        world.store.promotions.promote(run.id, PROMOTE, ANN)


def test_the_first_baseline_may_be_made_of_new_pictures(world: World) -> None:
    batch = world.batch()
    run = compared(world, batch, None)
    world.store.reviews.decide_many(run.id, ALL, ANN)
    assert [change.kind for change in world.store.promotions.preview(run.id, PROMOTE).changes] == [ChangeKind.ADDED]
    new, _ = world.store.promotions.promote(run.id, PROMOTE, ANN)
    assert (new.parent_id, new.items_succeeded) == (None, 1)


def test_the_same_key_makes_one_baseline(world: World) -> None:
    batch = world.batch()
    run = compared(world, batch, world.record(batch))
    world.store.reviews.decide_many(run.id, ALL, ANN)
    key = IdempotencyKey("k", "one")
    made, _ = world.store.promotions.promote(run.id, PROMOTE, ANN, key)
    assert world.store.promotions.promote(run.id, PROMOTE, ANN, key) == (made, False)
    with pytest.raises(IdempotencyConflict):
        world.store.promotions.promote(run.id, PROMOTE, ANN, IdempotencyKey("k", "two"))


def test_what_somebody_else_replaced_is_not_overwritten_silently(world: World) -> None:
    batch = world.batch()
    old = world.record(batch)
    first, second = (compared(world, batch, old, percent, labels={"branch": str(percent)}) for percent in (5, 6))
    for run in (first, second):
        world.store.reviews.decide_many(run.id, ALL, ANN)
    world.store.promotions.promote(first.id, PROMOTE, ANN)
    with pytest.raises(BaselineMoved):
        world.store.promotions.promote(second.id, PROMOTE, ANN)
    made, _ = world.store.promotions.promote(second.id, PromotionDraft(overwrite=True), ANN)
    assert digests(world, made) == [shots(world, second)[0].picture.sha256]  # type: ignore[union-attr]


def test_two_that_approved_other_pictures_both_count(world: World) -> None:
    batch = world.batch(cells=2)
    old = world.record(batch)
    runs = [compared(world, batch, old, percent, labels={"branch": str(percent)}) for percent in (5, 6)]
    for index, run in enumerate(runs):
        shot = shots(world, run)[index]
        among = Among(screenshot_ids=[shot.id])
        world.store.reviews.decide_many(run.id, ALL.model_copy(update={"among": among}), ANN)
        made, _ = world.store.promotions.promote(run.id, PROMOTE, ANN)
    expected = [shots(world, run)[index].picture for index, run in enumerate(runs)]
    assert digests(world, made) == [picture.sha256 for picture in expected if picture]


def test_tasks_that_left_the_batch_are_dropped_when_that_is_said(world: World) -> None:
    project = world.project()
    batch = world.batch(project=project)
    other = world.task(project, "other")
    draft = BatchDraft.model_validate({name: getattr(batch, name) for name in BatchDraft.model_fields})
    both = draft.model_copy(update={"tasks": [*draft.tasks, BatchTask(task_id=other.id)]})
    batch = world.store.batches.replace(batch.id, both, None, ANN)
    old = world.record(batch)
    batch = world.store.batches.replace(batch.id, draft, None, ANN)
    run = compared(world, batch, old)
    world.store.reviews.decide_many(run.id, ALL, ANN)
    assert world.store.promotions.preview(run.id, PROMOTE).kept == 1
    made, _ = world.store.promotions.promote(run.id, PromotionDraft(drop_removed_tasks=True), ANN)
    assert [item.task_id for item in items(world, made)] == [batch.tasks[0].task_id]


def test_an_alternative_stands_beside_the_picture(world: World) -> None:
    batch = world.batch()
    old = world.record(batch)
    run = compared(world, batch, old)
    (shot,) = shots(world, run)
    world.store.reviews.decide(shot.id, ReviewDraft(decision="approved", as_alternative=True), ANN)
    made, _ = world.store.promotions.promote(run.id, PROMOTE, ANN)
    (item,) = items(world, made)
    assert (item.picture, [each.picture for each in item.alternatives]) == (
        items(world, old)[0].picture,
        [shot.picture],
    )
    world.store.runs.delete(run.id, ANN)
    assert items(world, made) == [item], "a baseline needs its pictures"


def test_an_old_baseline_is_current_again_as_a_new_one(world: World) -> None:
    batch = world.batch()
    old = world.record(batch)
    run = compared(world, batch, old)
    world.store.reviews.decide_many(run.id, ALL, ANN)
    world.store.promotions.promote(run.id, PROMOTE, ANN)
    again, _ = world.store.promotions.restore(old.id, RestorationDraft(notes="Too early"), ANN)
    assert (again.kind, again.source_id, digests(world, again)) == ("restoration", old.id, digests(world, old))
    with pytest.raises(Conflict, match="newest"):
        world.store.promotions.restore(again.id, RestorationDraft(), ANN)


def test_two_baselines_are_compared(world: World) -> None:
    batch = world.batch(cells=2)
    old = world.record(batch)
    run = compared(world, batch, old)
    among = Among(screenshot_ids=[shots(world, run)[1].id])
    world.store.reviews.decide_many(run.id, ALL.model_copy(update={"among": among}), ANN)
    new, _ = world.store.promotions.promote(run.id, PROMOTE, ANN)
    found = world.store.promotions.compare(old.id, new.id, SliceRequest())
    (change,) = found.changes.items
    assert (found.before, found.after, found.kept, found.numbers) == (old, new, 1, {ChangeKind.REPLACED: 1})
    assert (change.kind, change.viewport_key) == (ChangeKind.REPLACED, "101x100@1")
    assert change.before == items(world, old)[1].picture
    assert change.after == items(world, new)[1].picture


def test_what_was_approved_on_a_line_is_carried_to_another(world: World) -> None:
    batch = world.batch(cells=2)
    main = world.record(batch)
    run = compared(world, batch, main, line="feature", parent_line="main")
    first = shots(world, run)[0]
    world.store.reviews.decide(first.id, ReviewDraft(decision="approved"), ANN)
    feature, _ = world.store.promotions.promote(run.id, PROMOTE, ANN)
    assert (feature.line, feature.parent_id) == ("feature", main.id)
    other = compared(world, batch, main, percent=7)
    kept = shots(world, other)[1]
    world.store.reviews.decide(kept.id, ReviewDraft(decision="approved"), ANN)
    world.store.promotions.promote(other.id, PROMOTE, ANN)
    merged, _ = world.store.promotions.carry(feature.id, CarryingDraft(line="main"), ANN)
    assert (merged.kind, merged.line, merged.source_id) == ("carrying", "main", feature.id)
    expected = [picture.sha256 for picture in (first.picture, kept.picture) if picture]
    assert digests(world, merged) == expected, "both lines' approvals"
