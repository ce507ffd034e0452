"""Pictures that somebody brought become a baseline as any other."""

from scene.domain.baselines import Baseline, BaselineKind
from scene.domain.catalog import Batch
from scene.domain.importing import ImportDraft, PicturePlace
from scene.store.values import IdempotencyKey, ImportedItem, SliceRequest
from tests.contract.store.world import ANN, RENDERER, World


def brought(world: World, batch: Batch, content: str, cell: int = 0, *others: str) -> ImportedItem:
    plan = world.plans(batch)[cell]
    frozen = plan.snapshot
    place = PicturePlace(
        task_id=frozen.task_id,
        task_name=frozen.task_name,
        browser=plan.browser,
        viewport_key=plan.viewport.key,
        target="full",
    )
    alternatives = [(world.picture(other), RENDERER, []) for other in others]
    return ImportedItem(place, f"{content}.png", world.picture(content), RENDERER, [], frozen, alternatives)


def imported(world: World, batch: Batch, *items: ImportedItem, **draft: object) -> Baseline:
    return world.store.promotions.bring_in(batch.id, ImportDraft.model_validate(draft), items, ANN)[0]


def digests(world: World, baseline: Baseline) -> list[str]:
    found = world.store.baselines.items(baseline.id, SliceRequest()).items
    return [
        digest for item in found for digest in (item.picture.sha256, *(o.picture.sha256 for o in item.alternatives))
    ]


def test_it_follows_the_newest_of_its_line_and_keeps_the_others(world: World) -> None:
    batch = world.batch(cells=2)
    before = world.record(batch)
    after = imported(world, batch, brought(world, batch, "new"), notes="Old tool")
    assert (after.kind, after.parent_id, after.run_id, after.notes) == (
        BaselineKind.IMPORT,
        before.id,
        None,
        "Old tool",
    )
    assert after.changes is not None
    assert (after.changes.replaced, after.changes.kept, after.items_missing) == (1, 1, 0)
    assert digests(world, after) == [world.picture("new").sha256, digests(world, before)[1]]
    assert len(digests(world, before)) == 2, "the one before stays as it is"


def test_alone_it_lacks_what_nobody_brought(world: World) -> None:
    batch = world.batch(cells=2)
    world.record(batch)
    after = imported(world, batch, brought(world, batch, "new", 1, "other"), only_these=True)
    assert (after.items_succeeded, after.items_missing) == (1, 1)
    assert digests(world, after) == [world.picture("new").sha256, world.picture("other").sha256]


def test_the_first_of_a_line_has_no_parent_and_runs_compare_with_it(world: World) -> None:
    batch = world.batch()
    first = imported(world, batch, brought(world, batch, "new"), line="old site")
    assert (first.line, first.parent_id, first.changes) == ("old site", None, None)
    run, admitted = world.run(batch, baseline=first, line="old site")
    world.carry_out(admitted, 5)
    assert world.store.runs.get(run.id).verdict == "changed"


def test_the_same_request_makes_one(world: World) -> None:
    batch = world.batch()
    key = IdempotencyKey("k", "d")
    made = [
        world.store.promotions.bring_in(batch.id, ImportDraft(), [brought(world, batch, "new")], ANN, key)
        for _ in range(2)
    ]
    assert made[0][0] == made[1][0]
    assert [is_new for _, is_new in made] == [True, False]
