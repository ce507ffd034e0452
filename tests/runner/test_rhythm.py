"""What happens now and then is either seen to move or held back, whenever the picture is taken."""

import pytest

from scene_runner.protocol import TargetJob
from tests.runner.conftest import Capture, in_both_browsers

RED, BLUE = (255, 0, 0), (0, 0, 255)


@in_both_browsers
@pytest.mark.parametrize("path", ["/turns-every-second", "/turns-again-and-again"])
def test_what_turns_every_second_is_seen_to_move(capture: Capture, path: str) -> None:
    taken = capture(path).result.captures[0]
    assert (taken.unstable, taken.unstable_area and taken.unstable_area.width) == (True, 100)


def test_a_page_whose_timers_change_nothing_is_still(capture: Capture) -> None:
    assert not capture("/asks-every-second").result.captures[0].unstable


@in_both_browsers
def test_what_a_canvas_shows_now_and_then_is_seen_in_each_target(capture: Capture) -> None:
    targets = [TargetJob(f"element:{name}", "element", selector=f"#{name}") for name in ("words", "one", "two")]
    captured = capture("/ticks", targets=targets, stability_timeout_ms=2_000)
    assert [taken.unstable for taken in captured.result.captures] == [False, True, True]


@in_both_browsers
def test_what_turns_every_few_seconds_does_not_while_the_page_comes_to_rest(capture: Capture) -> None:
    waits = {"wait_until": "domcontentloaded", "settle_timeout_ms": 3_000, "allow_blank": True}
    assert capture("/turns-by-words", **waits).picture().getpixel((50, 50)) == RED
    assert capture("/turns-by-words", wait_before_capture_ms=500, **waits).picture().getpixel((50, 50)) == BLUE


@in_both_browsers
def test_a_page_that_sets_its_own_clock_and_timers_comes_to_rest(capture: Capture) -> None:
    captured = capture("/own-clock")
    assert captured.result.status == "finished", captured.result.message
    assert not captured.result.captures[0].unstable
