"""A full page holds what scrolls in its stead, and what is fixed to it, wherever in the document that is."""

import pytest

from scene_runner.protocol import Area, MaskJob
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
