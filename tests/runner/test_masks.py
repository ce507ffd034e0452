"""Masks: where they are in a picture, and that a page may move under them."""

import pytest
from PIL import Image

from scene_runner.protocol import Area, MaskJob
from tests.runner.conftest import Capture
from tests.runner.program import VIEWPORT

CLOCK = MaskJob(selector=".clock")


def test_what_moves_under_a_mask_is_stable(capture: Capture) -> None:
    (picture,) = capture("/clock", masks=[CLOCK]).result.captures
    assert (picture.unstable, picture.unstable_area) == (False, None)
    assert picture.masks == [[Area(50, 60, 70, 80)]]


def test_what_moves_beside_a_mask_is_told_without_it(capture: Capture) -> None:
    beside = MaskJob(x=0, y=0, width=90, height=300)
    (picture,) = capture("/clock", masks=[beside], stability_timeout_ms=300).result.captures
    assert (picture.unstable, picture.unstable_area) == (True, Area(90, 60, 30, 80))


def test_the_picture_itself_is_not_painted_over(capture: Capture) -> None:
    masked = capture("/masked", masks=[MaskJob(selector=".first")])
    assert masked.sha256 == capture("/masked").sha256


@pytest.mark.parametrize("scale", [1, 2, 1.5])
def test_masks_are_in_pixels_of_the_picture(capture: Capture, scale: float) -> None:
    masks = [CLOCK, MaskJob(x=10, y=20, width=31, height=10)]
    (picture,) = capture("/clock", masks=masks, device_scale_factor=scale, targets=[VIEWPORT]).result.captures
    assert picture.masks[0] == [Area(*(round(value * scale) for value in (50, 60, 70, 80)))]
    assert picture.masks[1] == [Area(int(10 * scale), int(20 * scale), -int(-31 * scale // 1), int(10 * scale))]


def test_every_match_is_masked_as_far_as_it_is_visible(capture: Capture) -> None:
    captured = capture("/masked", masks=[MaskJob(selector=".item"), MaskJob(selector="#gone"), MaskJob(selector="b")])
    items, gone, nothing = captured.result.captures[0].masks
    assert items == [Area(1, 41, 100, 40), Area(1, 81, 100, 10)], "the third is scrolled out, the fourth hidden"
    assert gone == nothing == []
    assert captured.result.steps[-1].detail == (
        "masks[0] .item: 2 areas; masks[1] #gone: nothing to mask; masks[2] b: nothing to mask"
    )


def test_a_mask_in_a_scrolled_viewport_is_where_it_is_seen(capture: Capture) -> None:
    page = capture("/lazy", masks=[MaskJob(selector="img")], task_js="scrollTo(0, 4900)", targets=[VIEWPORT])
    with Image.open(page.path("picture-1.png")) as picture:
        assert picture.convert("RGB").getpixel((20, 120)) == (255, 0, 0)
    assert page.result.captures[0].masks == [[Area(8, 108, 100, 100)]]


def test_a_frame_is_masked_as_a_whole(capture: Capture) -> None:
    (areas,) = capture("/masked", masks=[MaskJob(selector="iframe")]).result.captures[0].masks
    assert [(area.width, area.height) for area in areas] == [(104, 64)]
    assert capture("/masked", masks=[MaskJob(selector=".inner")]).result.captures[0].masks == [[]]
    result = capture("/masked", masks=[MaskJob(selector="iframe >> internal:control=enter-frame >> .inner")]).result
    assert (result.reason, "mask the frame as a whole" in result.message) == ("selector", True)


@pytest.mark.parametrize(("selector", "said"), [("a[", "masks[1] a[ is not a selector")])
def test_a_mask_that_is_no_selector_is_named(capture: Capture, selector: str, said: str) -> None:
    result = capture("/masked", masks=[CLOCK, MaskJob(selector=selector)]).result
    assert (result.status, result.reason) == ("failed", "selector")
    assert said in result.message


def test_masks_that_cover_everything_are_refused(capture: Capture) -> None:
    result = capture("/masked", masks=[MaskJob(width=400, height=150), MaskJob(y=150, width=400, height=900)]).result
    assert (result.status, result.reason) == ("failed", "selector")
    assert result.message == "The full page is masked as a whole: nothing of it could be compared."
