"""Trying a tolerance and saving a mask, by what a browser sends."""

from base64 import b64decode
from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RECTANGLE = {"x": 1, "y": 2, "width": 30, "height": 40}


@pytest.fixture
def task(story: Story) -> dict[str, Any]:
    return story.task(name="Front page")


@pytest.fixture
def screenshot(story: Story, site: Site, task: dict[str, Any]) -> dict[str, Any]:
    """One in which a colour changed a little."""
    batch = story.batch(task)
    site.pages["/"] = "<!doctype html><body style='background:#008080'>"
    story.client.patch(f"/api/tasks/{task['id']}", json={"policy": {"allow_blank": True}})
    story.record(batch)
    site.pages["/"] = "<!doctype html><body style='background:#00a0a0'>"
    (execution,) = story.executions(story.compare(batch))
    (screenshot,) = story.screenshots(execution)
    return screenshot


@pytest.mark.live
def test_a_tolerance_is_tried_without_keeping_anything(story: Story, screenshot: dict[str, Any]) -> None:
    url = f"/screenshots/{screenshot['id']}/trial"
    strict, lax = (story.get(url, against="baseline", tolerance=each) for each in (0.1, 0.5))
    assert strict["told"] == "Changed: 307,200 pixels, 100.00 %"
    assert lax["told"] == "Unchanged: 0 pixels, 0.00 %"
    assert b64decode(strict["diff"]["url"].partition(",")[2]).startswith(b"\x89PNG")
    after = story.get(f"/api/screenshots/{screenshot['id']}")
    assert after == screenshot


@pytest.mark.live
def test_what_cannot_be_tried_is_refused(story: Story, screenshot: dict[str, Any]) -> None:
    url = f"/screenshots/{screenshot['id']}/trial"
    assert story.client.get(url, params={"against": "reference", "tolerance": 0.2}).status_code == 404
    assert story.client.get(url, params={"against": "baseline", "tolerance": 2}).status_code == 422
    assert story.client.get(url, params={"against": "baseline", "tolerance": "nan"}).status_code == 422
    assert story.client.get("/screenshots/none/trial?against=baseline&tolerance=0").status_code == 404


@pytest.mark.live
@pytest.mark.parametrize(
    ("path", "sent", "wrong"),
    [
        ("masks", {**RECTANGLE, "width": 0}, "width"),
        ("masks", {"x": "a"}, "x"),
        ("tolerance", {"tolerance": 7}, "pixel_tolerance"),
        ("tolerance", {}, "pixel_tolerance"),
    ],
)
def test_a_bad_policy_is_told_and_changes_nothing(
    story: Story, screenshot: dict[str, Any], task: dict[str, Any], path: str, sent: dict[str, Any], wrong: str
) -> None:
    before = story.get(f"/api/tasks/{task['id']}")
    response = story.client.post(f"/screenshots/{screenshot['id']}/{path}", data=sent, headers=FORM)
    assert wrong in response.headers["HX-Trigger"]
    assert '"level": "error"' in response.headers["HX-Trigger"]
    assert story.get(f"/api/tasks/{task['id']}") == before


@pytest.mark.live
def test_masks_are_added_to_those_that_a_task_has(
    story: Story, screenshot: dict[str, Any], task: dict[str, Any]
) -> None:
    for x in (1, 5):
        story.client.post(f"/screenshots/{screenshot['id']}/masks", data={**RECTANGLE, "x": x}, headers=FORM)
    masks = story.get(f"/api/tasks/{task['id']}")["policy"]["masks"]
    assert [mask["rectangle"]["x"] for mask in masks] == [1, 5]
