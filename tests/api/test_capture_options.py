"""What a run uses is frozen when it is made: of settings, project and task the nearest word counts."""

from typing import Any

from scene.bootstrap import Scene
from scene.domain.runs import ConfigurationSnapshot
from tests.support.describe import Story


def describe(story: Story, **fields: Any) -> Any:
    response = story.client.patch(f"/api/projects/{story.project['id']}", json=fields)
    assert response.status_code == 200, response.text
    return response.json()


def frozen(scene: Scene, story: Story, *tasks: dict[str, Any], **run: Any) -> list[ConfigurationSnapshot]:
    story.run(story.batch(*tasks), **run)
    started = [
        scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
        for entry in scene.store.executions.waiting()
    ]
    return [work.snapshot for work in started if work is not None]


def test_what_a_task_leaves_open_is_what_its_project_says(scene: Scene, story: Story) -> None:
    story.client.patch("/api/settings", json={"script_timeout_ms": 900, "action_timeout_ms": 901})
    project = describe(story, capture={"script_timeout_ms": 800, "timezone_id": "Asia/Tokyo"})
    assert project["capture"]["locale"] is None
    open_task, own = story.task(capture={}), story.task(capture={"timezone_id": "UTC", "locale": "de-DE"})
    first, second = frozen(scene, story, open_task, own)
    assert (first.capture.script_timeout_ms, first.capture.action_timeout_ms) == (800, 901)
    assert (first.capture.timezone_id, first.capture.locale) == ("Asia/Tokyo", "en-US")
    assert (second.capture.timezone_id, second.capture.locale) == ("UTC", "de-DE")


def test_the_project_changes_later_and_the_run_does_not(scene: Scene, story: Story) -> None:
    describe(story, capture={"locale": "de-DE"}, denied_hosts=["ads.example.org"])
    task = story.task(capture={})
    story.run(story.batch(task))
    describe(story, capture={"locale": "fr-FR"}, denied_hosts=[], dismissals={"selectors": [{"selector": "#banner"}]})
    (entry,) = scene.store.executions.waiting()
    work = scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
    assert work is not None
    assert (work.snapshot.capture.locale, work.snapshot.denied_hosts) == ("de-DE", ["ads.example.org"])
    assert work.snapshot.dismissals.selectors == []


def test_equal_options_are_stored_once(scene: Scene, story: Story) -> None:
    describe(story, capture={"fixed_time": "2026-01-01T12:00:00+01:00", "random_seed": 7})
    task = story.task(capture={})
    first, second = frozen(scene, story, task), frozen(scene, story, task)
    assert first[0].capture.fixed_time is not None
    assert first[0].digest() == second[0].digest()


def test_headers_of_project_page_and_task_are_sent_together_and_the_nearest_counts(scene: Scene, story: Story) -> None:
    describe(story, capture={"extra_headers": {"X-From": "project", "X-Team": "{{team}}"}})
    page = story.page(headers={"x-from": "page", "X-Page": "1"})
    task = story.task(page, capture={"extra_headers": {"X-FROM": "task"}})
    (snapshot,) = frozen(scene, story, task, variables={"team": "shop"})
    assert snapshot.headers == {"X-FROM": "task", "X-Team": "shop", "X-Page": "1"}


def test_a_wrong_option_is_named(story: Story) -> None:
    url = f"/api/projects/{story.project['id']}"
    response = story.client.patch(url, json={"capture": {"timezone_id": "Mars/Olympus"}})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "capture.timezone_id")
    dismissals = {"selectors": [{"selector": "#a"}, {"selector": "#b", "action": "smash"}]}
    response = story.client.patch(url, json={"dismissals": dismissals})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "dismissals.selectors[1].action")
