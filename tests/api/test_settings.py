"""The settings over REST."""

from typing import Any

import pytest

from scene.bootstrap import Scene
from tests.support.describe import Story

URL = "/api/settings"


def changed(story: Story, **changes: Any) -> dict[str, Any]:
    response = story.client.patch(URL, json=changes)
    assert response.status_code == 200, response.text
    return response.json()


def test_settings_are_read_and_changed(story: Story) -> None:
    before = story.get(URL)
    after = changed(story, timestamp_display="utc", jira_url_template="https://jira.example/browse/{key}")
    assert story.get(URL) == after
    assert after | {"timestamp_display": "local", "jira_url_template": None, "version": 1} == before


def test_who_saves_second_is_told(story: Story) -> None:
    etag = story.client.get(URL).headers["etag"]
    saved = story.client.patch(URL, json={"attempts": 4}, headers={"If-Match": etag})
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    late = story.client.patch(URL, json={"attempts": 5}, headers={"If-Match": etag})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("concurrency", 0),
        ("attempts", 11),
        ("available_browsers", []),
        ("available_browsers", ["chromium", "chromium"]),
        ("available_browsers[0]", ["netscape"]),
        ("viewport_presets[0].name", [{"width": 100, "height": 100}]),
        ("viewport_presets", [{"name": name, "width": 100, "height": 100} for name in "ab"]),
        ("timestamp_display", "mars"),
        ("navigation_timeout_ms", 1),
        ("jira_url_template", "https://jira.example/browse"),
        ("jira_url_template", "javascript:{key}"),
        ("colour", "red"),
        ("version", 7),
    ],
)
def test_a_setting_that_cannot_be_is_named(story: Story, field: str, value: Any) -> None:
    response = story.client.patch(URL, json={field.partition("[")[0]: value})
    assert response.status_code == 422, response.text
    error = response.json()["errors"][0]
    assert field in (error["field"], error["message"].split()[0])
    assert story.get(URL)["version"] == 1


def test_a_browser_that_a_task_uses_stays_and_the_task_is_named(story: Story) -> None:
    story.task(name="Firefox task", browsers=["firefox"])
    response = story.client.patch(URL, json={"available_browsers": ["chromium"]})
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert "firefox is used by the tasks 'Firefox task (Shop)'" in response.json()["detail"]


def test_a_viewport_that_a_task_uses_stays_and_the_task_is_named(story: Story) -> None:
    changed(story, viewport_presets=[{"name": "VGA", "width": 640, "height": 480}])
    story.task(name="Small task")
    response = story.client.patch(URL, json={"viewport_presets": []})
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert "VGA (640x480@1) is used by the tasks 'Small task (Shop)'" in response.json()["detail"]


def test_a_task_cannot_use_a_browser_that_is_not_available(story: Story) -> None:
    changed(story, available_browsers=["chromium"])
    body = {"name": "T", "page_id": story.page()["id"], "viewports": [{"width": 640, "height": 480}]}
    path = f"/api/projects/{story.project['id']}/tasks"
    response = story.client.post(path, json={**body, "browsers": ["chromium", "webkit"]})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "browsers[1]")


def test_a_higher_concurrency_starts_more_at_once(scene: Scene, story: Story) -> None:
    changed(story, concurrency=1)
    story.run(story.batch(story.task(), story.task(), story.task()))
    before = scene.queue.depth()
    changed(story, concurrency=3)
    assert scene.queue.depth() - before == 2


def test_what_a_task_leaves_open_is_what_the_settings_say_when_its_run_is_made(scene: Scene, story: Story) -> None:
    open_task, own = story.task(capture={}), story.task(capture={"script_timeout_ms": 700})
    assert open_task["capture"]["script_timeout_ms"] is None
    changed(story, script_timeout_ms=900, wait_before_capture_ms=50)
    story.run(story.batch(open_task, own))
    changed(story, script_timeout_ms=1_000)
    for entry, expected in zip(scene.store.executions.waiting(), (900, 700), strict=True):
        work = scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
        assert work is not None
        capture = work.snapshot.capture
        assert (capture.script_timeout_ms, capture.wait_before_capture_ms) == (expected, 50)
