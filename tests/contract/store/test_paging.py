"""Lists, slice by slice."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scene.domain.filters import EVERY_RUN
from scene.errors import Invalid
from scene.store.values import Slice, SliceRequest
from tests.contract.store.world import ANN, World

List = Callable[[SliceRequest], Slice[Any]]


def walk(listing: List, limit: int) -> list[str]:
    ids: list[str] = []
    cursor = None
    while True:
        part = listing(SliceRequest(limit=limit, cursor=cursor))
        assert len(part.items) <= limit
        ids += [item.id for item in part.items]
        cursor = part.next_cursor
        if cursor is None:
            return ids


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 12), limit=st.integers(1, 100))
def test_every_item_is_listed_once_newest_first(make_world: Callable[[], World], count: int, limit: int) -> None:
    world = make_world()
    created = [world.project(f"shop-{index}").id for index in range(count)]
    assert walk(world.store.projects.newest, limit) == created[::-1]


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_executions_are_listed_in_the_order_in_which_they_start(world: World, limit: int) -> None:
    run, _ = world.run(world.batch(cells=7))
    ids = walk(lambda request: world.store.executions.of_run(run.id, request), limit)
    assert [world.store.executions.get(execution_id).position for execution_id in ids] == list(range(7))


def test_what_is_added_meanwhile_does_not_disturb(world: World) -> None:
    created = [world.project(f"shop-{index}").id for index in range(4)]
    first = world.store.projects.newest(SliceRequest(limit=2))
    world.project("late")
    second = world.store.projects.newest(SliceRequest(limit=2, cursor=first.next_cursor))
    assert [project.id for project in first.items + second.items] == created[::-1]


def test_lists_are_those_of_one_project_or_of_all(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    pages = [world.page(shop, "a"), world.page(blog, "b"), world.page(shop, "c")]
    assert world.store.pages.newest(shop.id, SliceRequest()).items == [pages[2], pages[0]]
    assert world.store.pages.newest(None, SliceRequest()).items == pages[::-1]


@pytest.mark.parametrize("limit", [0, -1, 101, 10**30])
def test_a_limit_out_of_range_is_refused(world: World, limit: int) -> None:
    with pytest.raises(Invalid) as caught:
        world.store.projects.newest(SliceRequest(limit=limit))
    assert caught.value.fields[0].field == "limit"


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "💥", "a" * 5000, "\x00", "'; drop table runs"])
def test_a_cursor_that_nobody_gave_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        world.store.runs.newest(EVERY_RUN, SliceRequest(cursor=cursor))
    assert caught.value.fields[0].field == "cursor"


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cursor_that_was_tampered_with_is_refused(world: World, data: st.DataObject) -> None:
    run = next(iter(world.store.runs.newest(EVERY_RUN, SliceRequest()).items), None)
    run = run or world.run(world.batch(cells=3))[0]
    cursor = world.store.executions.of_run(run.id, SliceRequest(limit=1)).next_cursor
    assert cursor is not None
    place = data.draw(st.integers(0, len(cursor)))
    letter = data.draw(st.sampled_from("ABab01-_=!\n"))
    tampered = cursor[:place] + letter + cursor[place + data.draw(st.integers(0, 1)) :]
    if tampered != cursor:
        with pytest.raises(Invalid, match="cursor"):
            world.store.executions.of_run(run.id, SliceRequest(cursor=tampered))


def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    shop = world.project("shop")
    for name in ("a", "b"):
        world.page(shop, name)
    cursor = world.store.pages.newest(shop.id, SliceRequest(limit=1)).next_cursor
    for listing in (world.store.tasks.newest, world.store.batches.newest, world.store.pages.newest):
        with pytest.raises(Invalid, match="cursor"):
            listing(None, SliceRequest(cursor=cursor))


def test_the_audit_log_is_newest_first(world: World) -> None:
    project = world.project()
    world.store.projects.delete(project.id, None, ANN)
    entries = world.store.records.audit(SliceRequest()).items
    assert [entry.action for entry in entries] == ["project.deleted", "project.created"]
