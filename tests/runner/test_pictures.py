"""What is captured, and how large it is."""

import hashlib

from scene_runner.protocol import TargetJob
from tests.runner.conftest import Capture, in_both_browsers
from tests.runner.program import FULL, VIEWPORT


@in_both_browsers
def test_a_page_becomes_a_picture_file_with_its_digest_and_size(capture: Capture) -> None:
    captured = capture("/normal")
    taken = captured.result.captures[0]
    assert captured.result.status == "finished"
    assert captured.result.http_status == 200
    assert hashlib.sha256(captured.path(taken.file).read_bytes()).hexdigest() == taken.sha256
    assert captured.picture().size == (taken.width, taken.height) == (400, 300)


@in_both_browsers
def test_a_full_page_is_captured_to_its_end(capture: Capture) -> None:
    captured = capture("/long")
    picture = captured.picture()
    assert picture.height > 8000
    assert picture.getpixel((200, 8)) != picture.getpixel((200, 7990))


def test_a_viewport_is_captured_at_its_size(capture: Capture) -> None:
    assert capture("/long", targets=[VIEWPORT]).picture().size == (400, 300)


@in_both_browsers
def test_an_element_is_captured_alone_wherever_it_is(capture: Capture) -> None:
    end = TargetJob("element:end", "element", selector="#end")
    taken = capture("/long", targets=[end]).result.captures[0]
    assert (taken.target, taken.width) == ("element:end#1", 384)
    assert taken.height < 50


@in_both_browsers
def test_several_targets_are_captured_in_one_visit(capture: Capture) -> None:
    words = TargetJob("element:words", "element", selector="#words")
    captured = capture("/normal", targets=[FULL, VIEWPORT, words])
    assert [taken.target for taken in captured.result.captures] == ["full", "viewport", "element:words#1"]


@in_both_browsers
def test_a_scale_factor_gives_device_pixels(capture: Capture) -> None:
    assert capture("/normal", device_scale_factor=2, targets=[VIEWPORT]).picture().size == (800, 600)
    assert capture("/normal", device_scale_factor=2).picture().size == (800, 600)


@in_both_browsers
def test_a_page_knows_its_scale_factor_while_it_is_captured(capture: Capture) -> None:
    captured = capture("/sharp", device_scale_factor=2, targets=[VIEWPORT, FULL], stable_frames=3)
    assert [captured.picture(number).getpixel((790, 590)) for number in (0, 1)] == [(0, 255, 0)] * 2


def test_a_telephone_shows_a_page_made_for_a_desk_whole_and_small(capture: Capture) -> None:
    captured = capture("/normal", mobile=True, device_scale_factor=2, targets=[VIEWPORT, FULL])
    assert captured.picture(0).size == (800, 600)
    assert captured.picture(1).width == 2 * 980


@in_both_browsers
def test_equal_pages_give_equal_files(capture: Capture) -> None:
    assert len({capture("/long").sha256 for _ in range(3)}) == 1


@in_both_browsers
def test_a_page_of_60000_px_is_captured_whole(capture: Capture) -> None:
    picture = capture("/60000").picture()
    assert picture.height == 60_000
    red, end = picture.getpixel((200, 0)), (0, 255, 0)
    assert red[0] > 250
    assert picture.getpixel((300, 58_998))[2] > 250
    assert {picture.getpixel((300, y)) for y in (59_000, 59_500, 59_999)} == {end}


@in_both_browsers
def test_a_page_of_150000_px_is_too_tall(capture: Capture) -> None:
    captured = capture("/150000")
    assert (captured.result.status, captured.result.reason) == ("failed", "page_too_tall")
    assert "150,000 px" in captured.result.message
    assert captured.result.captures == []


def test_a_page_taller_than_allowed_fails(capture: Capture) -> None:
    result = capture("/long", max_height_px=5000).result
    assert (result.status, result.reason) == ("failed", "page_too_tall")
    assert "5,000 px" in result.message


@in_both_browsers
def test_a_page_of_one_colour_is_refused(capture: Capture) -> None:
    assert capture("/blank").result.reason == "blank"
    assert capture("/blank-but-long").result.reason == "blank"


def test_a_speck_on_a_page_of_one_colour_is_no_content_but_a_word_is(capture: Capture) -> None:
    assert capture("/speck").result.reason == "blank"
    assert capture("/speck", allow_blank=True).result.status == "finished"
    assert capture("/word").result.status == "finished"


def test_a_page_of_one_colour_can_be_allowed(capture: Capture) -> None:
    assert capture("/blank", allow_blank=True).result.status == "finished"


def test_a_page_with_typewriter_text_keeps_its_layout_while_it_is_captured(capture: Capture) -> None:
    first, second = capture("/monospace", stable_frames=1), capture("/monospace", stable_frames=3)
    assert first.sha256 == second.sha256
    assert second.result.captures[0].frames == 3


def test_the_renderer_is_recorded(capture: Capture) -> None:
    renderer = capture("/normal", device_scale_factor=2).result.renderer
    assert renderer is not None
    assert (renderer.browser, renderer.device_scale_factor) == ("chromium", 2)
    assert renderer.engine in ("chromium", "chromium-headless-shell")
    assert renderer.version
    assert len(renderer.fonts_sha256) == 64


@in_both_browsers
def test_the_renderer_is_the_same_for_every_job_but_for_the_scale_factor(capture: Capture) -> None:
    first, second = capture("/normal").result.renderer, capture("/long").result.renderer
    assert first == second
    assert capture("/normal", device_scale_factor=2).result.renderer != first
