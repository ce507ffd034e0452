"""Trying a task, in no batch and without a trace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.server import create_app
from scene.services.sweep import Sweep, SweepReport
from tests.conftest import MakeScene
from tests.support.describe import DESKTOP, Story
from tests.support.site import Site

PHONE = {"name": "phone", "width": 320, "height": 480}


def dry_run(story: Story, task: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return story.wait(story.post(f"/api/tasks/{task['id']}/dry-run", **fields))


@pytest.mark.live
def test_a_task_in_no_batch_is_tried(story: Story) -> None:
    run = dry_run(story, story.task(viewports=[DESKTOP, PHONE]))
    assert (run["purpose"], run["status"], run["summary"]["total"]) == ("dry_run", "finished", 1)
    (execution,) = story.executions(run)
    (shot,) = story.screenshots(execution)
    assert (shot["verdict"], shot["picture"]["width"]) == ("no_baseline", DESKTOP["width"])
    assert story.client.get(shot["picture"]["image"]["url"]).status_code == 200
    steps = story.get(f"/api/executions/{execution['id']}")["attempts"][0]["steps"]
    assert "capture full" in [step["name"] for step in steps]
    assert run["id"] not in [each["id"] for each in story.get("/api/runs", limit=100)["items"]]
    assert "Dry run of Task" in story.client.get(run["url"]).text


@pytest.mark.live
@pytest.mark.parametrize("viewport", ["phone", "320x480@1"])
def test_the_viewport_is_chosen_by_name_or_key(story: Story, viewport: str) -> None:
    run = dry_run(story, story.task(viewports=[DESKTOP, PHONE]), viewport=viewport, browser="chromium")
    assert story.executions(run)[0]["viewport"]["width"] == PHONE["width"]


@pytest.mark.live
def test_it_says_what_changed_since_the_baseline(story: Story, site: Site) -> None:
    task = story.task(viewports=[DESKTOP, PHONE])
    batch = story.batch(task)
    story.record(batch)
    assert dry_run(story, task)["verdict"] == "unchanged"
    site.pages["/"] = "<!doctype html><title>Home</title><h1>Gone</h1>"
    changed = dry_run(story, task)
    assert (changed["verdict"], changed["summary"]["total"]) == ("changed", 1)
    assert story.compare(batch)["verdict"] == "changed"


@pytest.mark.live
def test_what_fails_names_its_step_and_shows_the_page(story: Story) -> None:
    run = dry_run(story, story.task(task_actions=[{"type": "click", "selector": "#gone", "timeout_ms": 200}]))
    (execution,) = story.executions(run)
    assert (run["status"], execution["reason"]) == ("failed", "selector")
    assert execution["message"].startswith("task_actions[0] click")
    files = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    assert "failure.png" in [file["name"] for file in files]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"browser": "firefox"}, "browser"),
        ({"browser": "netscape"}, "browser"),
        ({"viewport": "1x1@1"}, "viewport"),
        ({"base_url": "shop"}, "base_url"),
        ({"batch_id": "x"}, "batch_id"),
    ],
)
def test_what_is_wrong_is_named(story: Story, fields: dict[str, Any], field: str) -> None:
    refused = story.client.post(f"/api/tasks/{story.task()['id']}/dry-run", json=fields)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_a_variable_that_is_not_given_is_named(story: Story) -> None:
    task = story.task(story.page("/{{path}}"))
    refused = story.client.post(f"/api/tasks/{task['id']}/dry-run", json={})
    assert [error["field"] for error in refused.json()["errors"]] == ["variables"]


def test_a_batch_is_not_run_dry(story: Story) -> None:
    refused = story.client.post("/api/runs", json={"batch_id": story.batch()["id"], "purpose": "dry_run"})
    assert [error["field"] for error in refused.json()["errors"]] == ["purpose"]


def test_after_a_day_the_sweep_takes_it(make_scene: MakeScene, site: Site) -> None:
    scene = make_scene()
    scene.start()
    story = Story(TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000"), site.url)
    run = dry_run(story, story.task())

    def swept(days: float) -> SweepReport:
        later = datetime.now(UTC) + timedelta(days=days)
        return Sweep(
            scene.store, scene.artifacts, work_dir=scene.settings.work_dir, grace=timedelta(1), clock=lambda: later
        ).run()

    assert swept(0.9).dry_runs == 0
    assert story.get(f"/api/runs/{run['id']}")["status"] == "finished"
    assert swept(1.1).dry_runs == 1
    assert story.client.get(f"/api/runs/{run['id']}").status_code == 404
