"""Which file is the picture of what: by its name."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from scene.domain.catalog import Task
from scene.domain.importing import MappingRow, PicturePlace
from scene.domain.picture_names import Names, Unmatched, file_name
from scene.domain.target import Target
from scene.domain.viewport import Browser, Viewport

AT = datetime(2026, 3, 1, tzinfo=UTC)


def task(name: str = "Home page", task_id: str = "t1", **fields: object) -> Task:
    known = {"id": task_id, "project_id": "p", "page_id": "g", "version": 1, "created_at": AT, "updated_at": AT}
    desktop = {"viewports": [Viewport(name="desktop", width=1280, height=800)], "browsers": [Browser.CHROMIUM]}
    return Task.model_validate({"name": name, **known, **desktop, **fields})


SEVERAL = task(
    "Shop/cart (new)",
    "t2",
    browsers=["chromium", "firefox"],
    viewports=[Viewport(width=390, height=844, device_scale_factor=2), Viewport(name="wide", width=1920, height=1080)],
    targets=[
        Target(),
        Target(kind="element", selector="#nav > a", name="menu"),
        Target(kind="element", selector=".card", match="every"),
    ],
)


def found(name: str, *tasks: Task) -> str:
    return str(Names(tasks or (task(), SEVERAL)).of_file(name))


@pytest.mark.parametrize(
    "name",
    [
        "Home page.png",
        "home_page.png",
        "anywhere/Home Page__desktop.PNG",
        "home-page chromium 1280x800@1 full.png",
        "Home page/chromium/1280x800@1/full.png",
        "t1_x.png".replace("t1_x", "HOME-PAGE_1280x800"),
        "backstop_Home_page_0_document_0_desktop.png",
    ],
)
def test_a_file_is_known_by_the_parts_of_what_it_shows(name: str) -> None:
    assert found(name) == "Home page (chromium, 1280x800@1, full)"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("shop cart new firefox wide.png", "firefox, 1920x1080@1, full"),
        ("shop_cart_new_chromium_390x844_menu.png", "chromium, 390x844@2, element:menu#1"),
        ("shop_cart_new_chromium_390x844@2_element.card#1.png", "chromium, 390x844@2, element:.card#1"),
        ("Shop-cart -new-/chromium/390x844@2/element-.card-3.png", "chromium, 390x844@2, element:.card#3"),
    ],
)
def test_what_a_task_has_several_of_is_told_by_the_name(name: str, place: str) -> None:
    assert found(name) == f"Shop/cart (new) ({place})"


def test_names_of_backstop_know_selectors_and_viewports() -> None:
    one = task("Cart", viewports=[Viewport(name="phone", width=390, height=844)], targets=SEVERAL.targets)
    assert found("my_site_Cart_1_nav_a_0_phone.png", one) == "Cart (chromium, 390x844@1, element:menu#1)"
    assert found("my_site_Cart_0_document_0_phone.png", one) == "Cart (chromium, 390x844@1, full)"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("shop cart new.png", "says nothing that the batch asks for"),
        ("home.png", "says nothing"),
        (
            "x_Shop_cart_new_0_document_0_wide.png",
            "can be the picture of Shop/cart (new) (chromium, 1920x1080@1, full) or",
        ),
    ],
)
def test_what_cannot_be_told_is_said(name: str, why: str) -> None:
    with pytest.raises(Unmatched) as unmatched:
        found(name)
    assert unmatched.value.message.startswith(why)


def test_a_mapping_needs_to_say_only_what_there_are_several_of() -> None:
    names = Names((task(), SEVERAL))
    row = MappingRow(file="a.png", task="home page")
    assert str(names.of_row(row)) == "Home page (chromium, 1280x800@1, full)"
    row = MappingRow(file="a.png", task="t2", browser="firefox", viewport="wide", target=".card")
    assert str(names.of_row(row)).endswith("(firefox, 1920x1080@1, element:.card#1)")


@pytest.mark.parametrize(
    ("row", "field", "why"),
    [
        ({"task": "None"}, "task", "the batch has no task 'None'"),
        ({"task": "t2"}, "browser", "has to be one of the task's: chromium, firefox"),
        ({"task": "t2", "browser": "opera"}, "browser", "'opera' is none of the task's: chromium, firefox"),
        ({"task": "t2", "browser": "firefox", "viewport": "9x9"}, "viewport", "'9x9' is none of the task's: 390x844@2"),
        ({"task": "t1", "target": "nav"}, "target", "'nav' is none of the task's: full"),
    ],
)
def test_a_mapping_that_is_wrong_is_told_by_field(row: dict[str, str], field: str, why: str) -> None:
    with pytest.raises(Unmatched) as unmatched:
        Names((task(), SEVERAL)).of_row(MappingRow.model_validate({"file": "a.png", **row}))
    assert (unmatched.value.field, unmatched.value.message.startswith(why)) == (field, True)


def places_of(tasks: Sequence[Task]) -> list[PicturePlace]:
    return [
        PicturePlace(task_id=of.id, task_name=of.name, browser=browser, viewport_key=viewport.key, target=target.key)
        for of in tasks
        for browser in of.browsers
        for viewport in of.viewports
        for target in of.targets
    ]


def test_every_name_that_an_export_gives_is_known_again() -> None:
    taken: set[str] = set()
    tasks = (task(), SEVERAL)
    for place in places_of(tasks):
        assert Names(tasks).of_file(file_name(place, taken)) == place


def test_names_of_an_export_are_good_for_every_system_and_never_the_same() -> None:
    taken: set[str] = set()
    known = {"task_id": "t", "browser": Browser.CHROMIUM, "viewport_key": "1x1@1", "target": 'element:a[b="../c"]#1'}
    names = [file_name(PicturePlace(task_name=name, **known), taken) for name in ("../../etc", "..\\..\\etc", "A", "a")]
    assert len({name.casefold() for name in names}) == 4
    for name in names:
        assert not set(name) & set('\\:*?"<>|')
        assert ".." not in name.split("/")
