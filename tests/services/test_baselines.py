"""What is compared with a baseline that does not fit the batch any more, in a real browser."""

import pytest

from tests.support.describe import Story

pytestmark = pytest.mark.live


def test_a_target_that_is_captured_no_longer_is_missing(story: Story) -> None:
    task = story.task(targets=[{"kind": "full"}, {"kind": "element", "selector": "h1"}])
    batch = story.batch(task)
    story.record(batch)
    story.client.patch(f"/api/tasks/{task['id']}", json={"targets": [{"kind": "full"}]})
    run = story.compare(batch)
    assert (run["verdict"], run["passed"]) == ("changed", False)
    verdicts = {shot["target"]: shot["verdict"] for shot in story.screenshots(story.executions(run)[0])}
    assert verdicts == {"full": "unchanged", "element:h1#1": "missing"}


def test_a_task_that_was_added_has_no_baseline(story: Story) -> None:
    old, new = story.task(), story.task()
    batch = story.batch(old)
    story.record(batch)
    story.client.patch(f"/api/batches/{batch['id']}", json={"tasks": [{"task_id": t["id"]} for t in (old, new)]})
    run = story.compare(batch)
    assert [execution["verdict"] for execution in story.executions(run)] == ["unchanged", "no_baseline"]
    assert (run["verdict"], run["passed"], run["baseline_reason"]) == ("no_baseline", False, "latest_of_line")


def test_a_part_that_was_recorded_keeps_the_rest_comparable(story: Story) -> None:
    tasks = [story.task(), story.task()]
    batch = story.batch(*tasks)
    story.record(batch)
    run = story.record(batch, task_ids=[tasks[1]["id"]])
    baseline = story.get(f"/api/baselines/{run['baseline_id']}")
    assert (baseline["items_total"], baseline["items_succeeded"], baseline["items_missing"]) == (2, 2, 0)
    compared = story.compare(batch)
    assert (compared["baseline_id"], compared["verdict"]) == (baseline["id"], "unchanged")


def test_a_viewport_that_a_task_no_longer_has_is_missing(story: Story) -> None:
    task = story.task(viewports=[{"width": 640, "height": 480}, {"width": 320, "height": 480, "mobile": True}])
    batch = story.batch(task)
    story.record(batch)
    fewer = story.client.patch(f"/api/tasks/{task['id']}", json={"viewports": task["viewports"][:1]})
    assert fewer.status_code == 200
    run = story.compare(batch)
    assert (run["status"], run["verdict"], run["passed"]) == ("finished", "changed", False)
    kept, gone = story.executions(run)
    assert (kept["verdict"], gone["verdict"], gone["status"]) == ("unchanged", "changed", "finished")
    (shot,) = story.screenshots(gone)
    assert (shot["verdict"], shot["picture"]) == ("missing", None)
    assert story.client.get(shot["missing_picture"]["image"]["url"]).content.startswith(b"\x89PNG")
    page = story.client.get(gone["url"]).text
    assert shot["missing_picture"]["image"]["url"] in page
    assert "the task no longer has this browser and viewport" in page
    story.record(batch)
    assert story.compare(batch)["passed"], "a new baseline is without it"
