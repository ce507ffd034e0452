"""A page is scrolled where it could notice that, and left alone where it could not."""

import pytest

from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.rude_pages import NOTICING

RED = (255, 0, 0)


@in_both_browsers
@pytest.mark.parametrize("path", NOTICING)
def test_a_page_that_could_notice_scrolling_is_scrolled(capture: Capture, path: str) -> None:
    assert capture(path).picture().getpixel((300, 4950)) == RED


@in_both_browsers
def test_a_page_that_could_not_is_left_alone(capture: Capture) -> None:
    assert capture("/heeds-nothing").picture().getpixel((300, 4000)) != RED
