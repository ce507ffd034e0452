"""A full page holds what scrolls in its stead, and what is fixed to it, wherever in the document that is."""

import pytest

from scene_runner.protocol import Area, MaskJob, TargetJob
from tests.runner.conftest import Capture, in_both_browsers

RED = (255, 0, 0)


@in_both_browsers
@pytest.mark.parametrize("path", ["/scroller-in-shadow", "/body-scrolls"])
def test_what_scrolls_in_the_stead_of_the_page_is_captured_to_its_end(capture: Capture, path: str) -> None:
    picture = capture(path).picture()
    assert picture.size == (400, 1300)
    assert picture.getpixel((300, 1250)) == RED


@in_both_browsers
def test_what_a_shadow_root_holds_at_the_bottom_is_at_the_bottom_of_the_page(capture: Capture) -> None:
    picture = capture("/footer-in-shadow").picture()
    assert [y for y in range(5, picture.height, 10) if picture.getpixel((200, y)) == RED] == [965, 975, 985, 995]


def test_a_mask_in_a_shadow_root_is_cut_off_by_what_scrolls_around_it(capture: Capture) -> None:
    captured = capture("/cut-off-in-shadow", masks=[MaskJob(".item")], allow_blank=True)
    ((area,),) = captured.result.captures[0].masks
    assert area == Area(0, 0, area.width, 50)


@in_both_browsers
@pytest.mark.parametrize("path", ["/reveals", "/reveals-at-once", "/reveals-by-scrolling", "/reveals-below-hero"])
def test_what_a_page_shows_only_in_its_window_is_in_the_picture_each_time(capture: Capture, path: str) -> None:
    captured = [capture(path) for _ in range(3)]
    picture = captured[0].picture()
    hero = picture.height - 800
    assert hero == (300 if path == "/reveals-below-hero" else 0)
    assert [picture.getpixel((200, hero + y)) for y in (300, 500, 700)] == [(0, 0, 255), (0, 128, 0), RED]
    assert {each.sha256 for each in captured} == {captured[0].sha256}
    assert not captured[0].result.captures[0].unstable


@in_both_browsers
def test_an_element_that_a_page_shows_only_in_its_window_is_shown(capture: Capture) -> None:
    last = TargetJob("element:last", "element", selector="section:last-of-type")
    assert capture("/reveals", targets=[last]).picture().getpixel((200, 100)) == RED
