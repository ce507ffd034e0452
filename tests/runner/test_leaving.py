"""Pages that leave for another address by themselves, and frames that do."""

import pytest

from tests.runner.conftest import Capture, in_both_browsers


@in_both_browsers
@pytest.mark.parametrize("path", ["/leaves-for-ever", "/leaves-late-for-ever"])
def test_a_page_that_leaves_for_what_never_answers_ends_with_the_time_for_navigation(
    capture: Capture, path: str
) -> None:
    result = capture(path, navigation_timeout_ms=1_500).result
    assert (result.status, result.reason) == ("failed", "timeout")
    assert "/never, which did not answer within 1.5 s" in result.message
    assert result.duration_ms < 9_000


@in_both_browsers
def test_a_page_that_leaves_for_what_never_loads_is_no_picture(capture: Capture) -> None:
    result = capture("/leaves-for-trickle", navigation_timeout_ms=1_500).result
    assert (result.status, result.reason) == ("failed", "timeout")
    assert "/trickle, which was not loaded within 1.5 s" in result.message


@in_both_browsers
def test_where_a_page_has_left_for_is_waited_for(capture: Capture) -> None:
    captured = capture("/leaves-for-slow", allow_blank=True)
    assert captured.result.final_url.endswith("/slow-to-load")
    assert captured.picture().getpixel((50, 50)) == (255, 0, 0)


@in_both_browsers
def test_what_was_on_its_way_to_the_page_that_was_left_is_not_missed(capture: Capture) -> None:
    result = capture("/leaves-pictures-behind").result
    assert (result.final_url.rpartition("/")[2], result.unloaded) == ("arrived", [])


@in_both_browsers
def test_a_frame_that_never_answers_holds_nothing_up(capture: Capture) -> None:
    captured = capture("/hung-frame", settle_timeout_ms=1_000)
    assert captured.result.status == "finished", captured.result.message
    assert not captured.result.captures[0].unstable


@in_both_browsers
def test_a_page_that_prints_itself_holds_nothing_up(capture: Capture) -> None:
    assert capture("/prints").result.status == "finished"


def test_a_document_without_an_element_is_blank(capture: Capture) -> None:
    assert capture("/no-element").result.reason == "blank"
