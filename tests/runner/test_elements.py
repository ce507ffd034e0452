"""Element targets: which are found, what is in their pictures, and what is said of those that are not."""

from typing import Any

import pytest
from PIL import Image

from scene_runner.protocol import MaskJob, TargetJob
from tests.runner.conftest import Capture
from tests.runner.program import FULL, VIEWPORT

RED, BLUE = (255, 0, 0), (0, 0, 255)


def element(selector: str, **fields: Any) -> TargetJob:
    return TargetJob(f"element:{selector}", "element", selector=selector, **fields)


def test_every_visible_match_is_a_picture_numbered_in_the_order_of_the_document(capture: Capture) -> None:
    captured = capture("/elements", targets=[element("p", match="every")])
    assert [each.target for each in captured.result.captures] == [f"element:p#{number}" for number in (1, 4, 5, 6, 8)]
    assert len({each.file for each in captured.result.captures}) == 5
    (found,) = [step for step in captured.result.steps if step.name.startswith("find")]
    assert found.detail == "5 elements; 4 elements not visible"
    assert captured.picture(3).getpixel((5, 5)) == BLUE


def test_the_first_match_is_one_picture(capture: Capture) -> None:
    captured = capture("/elements", targets=[element("p")])
    assert [(each.target, each.width, each.height) for each in captured.result.captures] == [("element:p#1", 100, 40)]


@pytest.mark.parametrize("match", ["first", "every"])
def test_another_number_than_expected_is_a_failure(capture: Capture, match: str) -> None:
    result = capture("/elements", targets=[element("p", match=match, expected_count=6)]).result
    assert (result.status, result.reason) == ("failed", "selector")
    assert result.message == "The element p: 6 elements expected, 5 elements visible; 4 elements not visible."
    assert capture("/elements", targets=[element("p", match=match, expected_count=5)]).result.status == "finished"


@pytest.mark.parametrize("selector", ["#gone", "#unseen", "#off", "#flat"])
def test_an_element_that_cannot_be_seen_is_named(capture: Capture, selector: str) -> None:
    result = capture("/elements", targets=[element(selector)]).result
    assert (result.status, result.reason) == ("failed", "selector")
    assert result.message.startswith(f"The element {selector}#1, which matches {selector}, is not visible")
    every = capture("/elements", targets=[element(selector, match="every")]).result
    assert (
        every.message == f"The element {selector}: none of what matches {selector} is visible (1 element not visible)."
    )


def test_an_element_outside_the_viewport_is_captured_whole(capture: Capture) -> None:
    captured = capture("/elements", targets=[element("#late")])
    assert captured.picture().size == (100, 40)
    assert captured.picture().getpixel((95, 35)) == RED


def test_an_element_in_a_scroll_container_is_shown_as_far_as_it_fits(capture: Capture) -> None:
    captured = capture("/elements", targets=[element("#deep"), element("#tall"), FULL])
    sizes = {each.target: (each.width, each.height) for each in captured.result.captures}
    assert sizes["element:#deep#1"][1] == 40
    assert sizes["element:#tall#1"][1] <= 50
    assert captured.picture(1).getpixel((5, 5)) == BLUE
    alone = capture("/elements", targets=[FULL])
    assert captured.result.captures[0].sha256 == alone.sha256, "showing an element leaves the full page as it was"


def test_padding_ends_at_the_edge_of_the_page(capture: Capture) -> None:
    captured = capture("/elements", targets=[element("#one", padding_px=10), element("#late", padding_px=20)])
    assert captured.picture(0).size == (110, 50)
    assert captured.picture(1).size == (120, 60)
    assert captured.picture(0).getpixel((105, 45)) == (255, 255, 255)


def test_masks_are_measured_from_the_corner_of_an_element_with_its_padding(capture: Capture) -> None:
    masks = [MaskJob(selector="#late"), MaskJob(x=0, y=0, width=5, height=5)]
    (picture,) = capture("/elements", targets=[element("#late", padding_px=10)], masks=masks).result.captures
    assert [(area.x, area.y, area.width, area.height) for areas in picture.masks for area in areas] == [
        (10, 10, 100, 40),
        (0, 0, 5, 5),
    ]


def test_what_is_in_a_frame_is_captured_with_its_frame(capture: Capture) -> None:
    assert capture("/elements", targets=[element("iframe")]).result.status == "finished"
    result = capture("/elements", targets=[element("b")]).result
    assert result.reason == "selector"
    assert result.message == (
        "No element matches b. One inside a frame does, which is not looked into: capture the frame as a whole."
    )


@pytest.mark.parametrize("options", [{"hide": ["#one", ".nothing"]}, {"remove": ["#one", ".nothing"]}])
def test_hidden_and_removed_elements_are_not_in_the_picture(capture: Capture, options: dict[str, list[str]]) -> None:
    captured = capture("/elements", targets=[VIEWPORT], **options)
    (option,) = options
    assert (captured.picture().getpixel((80, 20)) == RED) is False
    assert (captured.picture().getpixel((30, 50)) == RED) is (option == "remove"), "what follows moved up"
    (step,) = [step for step in captured.result.steps if step.name == "hide"]
    assert step.detail == f"{option}[0] #one: 1; {option}[1] .nothing: nothing matches"


def test_what_comes_late_is_hidden_before_each_frame(capture: Capture) -> None:
    script = "setInterval(() => { const late = document.createElement('p'); late.className = 'late'; "
    script += "document.body.prepend(late); if (document.querySelectorAll('.late').length > 3) late.remove(); }, 200)"
    late = capture("/elements", task_js=script, remove=[".late"], stability_timeout_ms=4_000)
    assert late.picture().getpixel((80, 20)) == RED
    assert late.sha256 == capture("/elements").sha256


def test_a_hidden_selector_that_is_none_is_named_with_its_position(capture: Capture) -> None:
    result = capture("/elements", hide=["#one"], remove=["#one", "a["]).result
    assert (result.reason, result.failed_step) == ("selector", "hide")
    assert result.message.startswith("remove[1] a[ is not a selector")


def test_the_background_can_be_left_out(capture: Capture) -> None:
    captured = capture("/clear", omit_background=True)
    with Image.open(captured.path("picture-1.png")) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((10, 10)) == (255, 0, 0, 255)
        assert picture.getpixel((100, 100)) == (0, 0, 0, 0)
    assert capture("/clear").picture().getpixel((100, 100)) == (255, 255, 255)


def test_a_page_without_anything_is_blank_on_a_transparent_background_too(capture: Capture) -> None:
    assert capture("/blank", omit_background=True).result.reason == "blank"
