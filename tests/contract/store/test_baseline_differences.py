"""In what one baseline differs from another of its batch: all of it is counted, and one slice is read."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scene.domain.baselines import Baseline
from scene.domain.catalog import Batch
from scene.domain.promotion import ItemChange
from scene.errors import Invalid, NotFound
from scene.store.sql.making import Item, Items
from scene.store.sql.promoting import differences
from scene.store.values import SliceRequest
from tests.contract.store.test_importing import brought, imported
from tests.contract.store.world import World


def baseline(world: World, batch: Batch, pictures: str) -> Baseline:
    """Of one word for each cell of the batch: ``-`` for no picture, ``a+b`` for one with an alternative."""
    given = [(cell, word.split("+")) for cell, word in enumerate(pictures.split()) if word != "-"]
    items = [brought(world, batch, first, cell, *others) for cell, (first, *others) in given]
    return imported(world, batch, *items, only_these=True)


def told(world: World, changes: list[ItemChange]) -> list[str]:
    """Kind and width of each, and the pictures before and after by the names that they were made of."""
    names = {world.picture(name).sha256: name for name in "abcdeABCDE"} | {None: "-"}
    return [
        f"{change.kind} {change.viewport_key[:3]} {names[change.before and change.before.sha256]}"
        f"{names[change.after and change.after.sha256]}"
        for change in changes
    ]


def test_each_kind_is_told_with_both_pictures(world: World) -> None:
    batch = world.batch(cells=5)
    before, after = baseline(world, batch, "a b c d -"), baseline(world, batch, "a B - d+D e")
    found = world.store.promotions.compare(before.id, after.id, SliceRequest())
    assert told(world, found.changes.items) == [
        "replaced 101 bB",
        "alternative 103 dD",
        "added 104 -e",
        "removed 102 c-",
    ]
    assert (found.numbers, found.kept) == ({"replaced": 1, "alternative": 1, "added": 1, "removed": 1}, 1)


@pytest.mark.parametrize(
    ("alternatives", "expected"),
    [
        ("a a+B", ["alternative 100 aB"]),
        ("a+B a", ["alternative 100 aa"]),
        ("a+B+C a+C+B", ["alternative 100 aB"]),
        ("a+B a+B+C", ["alternative 100 aC"]),
        ("a+B a+B", []),
    ],
)
def test_alternatives_are_the_same_when_all_of_them_are_in_their_order(
    world: World, alternatives: str, expected: list[str]
) -> None:
    batch = world.batch()
    before, after = (baseline(world, batch, each) for each in alternatives.split())
    assert told(world, world.store.promotions.compare(before.id, after.id, SliceRequest()).changes.items) == expected


def test_they_are_read_slice_by_slice_and_counted_whole(world: World) -> None:
    batch = world.batch(cells=5)
    before, after = baseline(world, batch, "a b c d e"), baseline(world, batch, "A B - D E")
    read: list[ItemChange] = []
    cursor = None
    for size in (2, 2, 1):
        found = world.store.promotions.compare(before.id, after.id, SliceRequest(limit=2, cursor=cursor))
        assert (len(found.changes.items), found.numbers) == (size, {"replaced": 4, "removed": 1})
        read += found.changes.items
        cursor = found.changes.next_cursor
    assert cursor is None
    assert [each[:12] for each in told(world, read)] == [
        *(f"replaced {width}" for width in (100, 101, 103, 104)),
        "removed 102 ",
    ]


def in_memory(world: World, batch: Batch, pictures: str) -> Items:
    """What ``baseline`` makes of these words, as carrying holds it."""
    found = []
    for plan, word in zip(world.plans(batch), pictures.split(), strict=True):
        place = {name: getattr(plan.snapshot, name) for name in ("task_id", "task_name")}
        place |= {"browser": plan.browser, "viewport_key": plan.viewport.key, "target": "full"}
        shas = [{"picture_sha256": world.picture(name).sha256} for name in word.split("+") if name != "-"]
        found += [Item(place | shas[0], shas[1:])] if shas else []
    return {item.key: item for item in found}


WORDS = st.lists(st.sampled_from("aAbB"), max_size=3, unique=True).map(lambda names: "+".join(names) or "-")
BASELINES = st.lists(WORDS, min_size=4, max_size=4).map(" ".join)


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BASELINES, BASELINES)
def test_carrying_finds_in_memory_what_the_database_finds(
    make_world: Callable[[], World], before: str, after: str
) -> None:
    world = make_world()
    batch = world.batch(cells=4)
    sides = baseline(world, batch, before), baseline(world, batch, after)
    found = world.store.promotions.compare(sides[0].id, sides[1].id, SliceRequest()).changes.items
    expected = differences(in_memory(world, batch, before), in_memory(world, batch, after))
    assert [
        (each.kind, each.viewport_key, each.before and each.before.sha256, each.after and each.after.sha256)
        for each in found
    ] == [
        (each.kind, each.item.values["viewport_key"], each.before and each.before.digest, each.after_digest)
        for each in expected
    ]


def test_the_same_has_no_differences(world: World) -> None:
    made = baseline(world, world.batch(), "a")
    found = world.store.promotions.compare(made.id, made.id, SliceRequest())
    assert (found.numbers, found.kept, found.changes.items) == ({}, 1, [])


def test_what_cannot_be_compared_is_refused(world: World) -> None:
    batch = world.batch()
    made = baseline(world, batch, "a")
    other = baseline(world, world.batch(project=world.store.projects.get(batch.project_id), name="other"), "a")
    with pytest.raises(Invalid, match="another batch"):
        world.store.promotions.compare(made.id, other.id, SliceRequest())
    with pytest.raises(NotFound):
        world.store.promotions.compare(made.id, "unknown", SliceRequest())
    with pytest.raises(Invalid, match="cursor"):
        world.store.promotions.compare(made.id, made.id, SliceRequest(cursor="another"))
