"""A page is brought to rest before its picture is taken."""

import pytest

from scene_runner.protocol import Area, TargetJob
from tests.runner.conftest import Capture, in_both_browsers

RED = (255, 0, 0)


@in_both_browsers
@pytest.mark.parametrize("path", ["/lazy", "/lazy-observer", "/lazy-scroll"])
def test_lazy_images_are_loaded(capture: Capture, path: str) -> None:
    assert capture(path).picture().getpixel((50, 5050)) == RED


@in_both_browsers
def test_lazy_content_of_an_inner_scroller_is_loaded(capture: Capture) -> None:
    assert capture("/lazy-inner").picture().getpixel((50, 50)) == RED


@in_both_browsers
def test_what_is_appended_while_scrolling_is_asked_for_one_after_the_other(capture: Capture) -> None:
    picture = capture("/appended").picture()
    assert [picture.getpixel((50, y)) for y in (950, 1850)] == [RED, (0, 0, 255)]


def test_lazy_content_can_be_left_alone(capture: Capture) -> None:
    assert capture("/lazy-observer", load_lazy=False, allow_blank=True).picture().getpixel((50, 5050)) != RED


@in_both_browsers
def test_what_a_request_in_flight_brings_is_waited_for(capture: Capture) -> None:
    assert capture("/late").picture().getpixel((30, 30)) == RED


def test_waiting_for_rest_is_bounded(capture: Capture) -> None:
    result = capture("/never-loads", wait_until="domcontentloaded", settle_timeout_ms=500).result
    assert result.status == "finished"
    assert result.unloaded[0].endswith("/never")
    assert result.duration_ms < 8_000


@in_both_browsers
def test_an_endless_animation_is_stopped(capture: Capture) -> None:
    assert {capture("/animated").sha256 for _ in range(2)} == {capture("/animated").sha256}
    assert not capture("/shadow").result.captures[0].unstable


@in_both_browsers
def test_a_long_animation_shows_its_end(capture: Capture) -> None:
    assert capture("/fade").picture().getpixel((50, 50)) == RED


def test_an_animation_can_be_left_running(capture: Capture) -> None:
    taken = capture("/animated", freeze_animations=False, stability_timeout_ms=300).result.captures[0]
    assert taken.unstable


@in_both_browsers
def test_a_caret_is_hidden_and_an_animated_image_stands_still(capture: Capture) -> None:
    assert not capture("/caret", stable_frames=5, stability_timeout_ms=20_000).result.captures[0].unstable
    assert capture("/gif", stable_frames=3).picture().getpixel((50, 50)) == RED


@in_both_browsers
def test_a_web_font_is_waited_for(capture: Capture) -> None:
    late, none = capture("/font"), capture("/no-font")
    assert late.sha256 != none.sha256
    assert late.result.unloaded == []
    assert none.result.unloaded[0].endswith("/status/404?font")


@in_both_browsers
def test_images_that_did_not_load_are_listed(capture: Capture) -> None:
    assert capture("/broken-image").result.unloaded[0].endswith("/status/404?image")


@in_both_browsers
def test_a_page_that_never_stands_still_is_flagged_with_the_moving_area(capture: Capture) -> None:
    taken = capture("/carousel", stability_timeout_ms=300).result.captures[0]
    assert taken.unstable
    assert taken.unstable_area == Area(50, 60, 70, 80)


@in_both_browsers
def test_a_first_frame_equal_to_the_baseline_is_taken_at_once(capture: Capture) -> None:
    first = capture("/normal")
    known = TargetJob("full", "full", known={"full": first.sha256})
    assert first.result.captures[0].frames == 2
    assert capture("/normal", targets=[known]).result.captures[0].frames == 1


@in_both_browsers
def test_a_strict_content_security_policy_changes_nothing(capture: Capture) -> None:
    assert capture("/strict", task_js="document.title = 'x'").result.status == "finished"
