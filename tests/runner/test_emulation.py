"""What a page is told about its device, before its picture is taken and while it is."""

import json
from typing import Any

from scene_runner.protocol import TargetJob
from tests.runner.conftest import Capture
from tests.runner.pages import Pages
from tests.runner.program import FULL, VIEWPORT, Captured

BELOW = TargetJob("element:div#1", "element", "div")


def told(captured: Captured) -> list[dict[str, Any]]:
    """What the page saw of its device, each time it was something else."""
    assert captured.result.status == "finished", captured.result.message
    lines = captured.path("console.jsonl").read_text().splitlines()
    return [json.loads(json.loads(line)["text"]) for line in lines]


def test_a_page_is_told_what_its_task_says_and_no_capture_takes_it_back(capture: Capture) -> None:
    captured = capture(
        "/device",
        locale="de-DE",
        timezone_id="Asia/Tokyo",
        color_scheme="dark",
        reduced_motion="reduce",
        forced_colors="active",
        contrast="more",
        touch=True,
        user_agent="Scene/1 (a test)",
        device_scale_factor=2,
        targets=[FULL, BELOW, VIEWPORT],
        stable_frames=3,
        wait_after_capture_ms=200,
    )
    (device,) = told(captured)
    assert device == {
        "media": [
            "(prefers-color-scheme: dark)",
            "(prefers-reduced-motion: reduce)",
            "(forced-colors: active)",
            "(prefers-contrast: more)",
            "(pointer: coarse)",
            "(min-resolution: 2dppx)",
        ],
        "language": "de-DE",
        "number": "1.234,5",
        "zone": "Asia/Tokyo",
        "hour": 9,
        "agent": "Scene/1 (a test)",
        "touch": True,
        "size": [400, 300, 2],
    }


def test_a_page_is_told_nothing_special_by_default(capture: Capture) -> None:
    (device,) = told(capture("/device", wait_after_capture_ms=200))
    assert (device["media"], device["language"], device["touch"]) == ([], "en-US", False)
    assert device["size"] == [400, 300, 1]


def test_a_mobile_viewport_has_a_touch_screen_unless_the_task_says_otherwise(capture: Capture) -> None:
    assert [device["touch"] for device in told(capture("/device", mobile=True))] == [True]
    assert [device["touch"] for device in told(capture("/device", mobile=True, touch=False))] == [False]


def test_requests_say_it_too(capture: Capture, pages: Pages) -> None:
    capture("/normal?told", locale="fr-CH", user_agent="Scene/2")
    headers = pages.visits[-1].headers
    assert (headers["accept-language"].split(",")[0], headers["user-agent"]) == ("fr-CH", "Scene/2")


def test_the_reference_page_is_told_the_same(capture: Capture, pages: Pages) -> None:
    captured = capture("/device", reference_url=f"{pages.other_origin}/device", locale="ja-JP", color_scheme="dark")
    observed, reference = told(captured)
    assert observed == reference
    assert (observed["language"], observed["media"]) == ("ja-JP", ["(prefers-color-scheme: dark)"])


def test_the_wait_after_the_capture_is_a_step(capture: Capture) -> None:
    last = capture("/normal", wait_after_capture_ms=150).result.steps[-1]
    assert last.name == "wait after capture"
    assert last.duration_ms >= 150
