"""A run that somebody stops while real browsers are at work on it."""

import time
from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.site import Site

pytestmark = pytest.mark.live

WAIT = [{"type": "wait", "ms": 500}]


@pytest.fixture
def long(story: Story, site: Site) -> dict[str, Any]:
    """Of a page whose preparation takes half a minute, in small steps."""
    page = story.page(preparatory_actions=WAIT * 60)
    return story.task(page, viewports=[{"width": 300 + number, "height": 200} for number in range(4)])


def under_way(story: Story, run: dict[str, Any]) -> dict[str, Any]:
    """An execution of the run that is being carried out."""
    deadline = time.monotonic() + 60
    while not (found := [each for each in story.executions(run) if each["status"] == "executing"]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found[0]


def stop(story: Story, path: str, mode: str) -> dict[str, Any]:
    answer = story.client.post(f"{path}/stop", json={"mode": mode})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_hard_stop_is_final_at_once_and_frees_the_workers(story: Story, long: dict[str, Any]) -> None:
    run = story.run(story.batch(long))
    under_way(story, run)
    stopped = stop(story, f"/api/runs/{run['id']}", "hard")
    assert (stopped["run"]["status"], stopped["run"]["reason"]) == ("failed", "hard_stop")
    assert stopped["message"] == "The run was stopped: 4 executions ended."
    assert {(each["status"], each["reason"]) for each in story.executions(run)} == {("failed", "hard_stop")}
    assert story.record(story.batch(), timeout_seconds=60)["status"] == "finished", "its slots serve others"


def test_a_soft_stop_lets_what_executes_end_with_its_files(story: Story, long: dict[str, Any]) -> None:
    run = story.run(story.batch(long))
    execution = under_way(story, run)
    stopped = stop(story, f"/api/runs/{run['id']}", "soft")
    assert "before their next step" in stopped["message"]
    ended = story.wait(run, seconds=25)
    assert (ended["status"], ended["reason"], ended["summary"]["failed"]) == ("failed", "soft_stop", 4)
    detail = story.get(f"/api/executions/{execution['id']}")
    assert detail["execution"]["reason"] == "soft_stop"
    assert "asked to stop" in detail["execution"]["message"]
    assert {"step_log", "result"} <= {file["type"] for file in detail["artifacts"]}


def test_one_execution_is_stopped_and_the_rest_is_not(story: Story) -> None:
    slow = story.task(story.page(preparatory_actions=WAIT * 60))
    run = story.run(story.batch(slow, story.task()), "baseline_recording")
    execution = next(each for each in story.executions(run) if each["task_id"] == slow["id"])
    assert stop(story, f"/api/executions/{execution['id']}", "hard")["execution"]["reason"] == "hard_stop"
    ended = story.wait(run)
    assert (ended["status"], ended["summary"]["finished"], ended["baseline_id"]) == ("finished", 1, None)


def test_stopping_what_has_ended_changes_nothing_and_says_so(story: Story) -> None:
    run = story.record(story.batch())
    stopped = stop(story, f"/api/runs/{run['id']}", "hard")
    assert (stopped["changed"], stopped["run"]) == (False, run)
    assert stopped["message"] == "The run had ended already: nothing was changed."


def test_a_mode_that_nobody_knows_is_refused_by_name(story: Story) -> None:
    answer = story.client.post("/api/runs/some/stop", json={"mode": "gently"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "mode")


def test_the_dialog_explains_both_ways_and_stops_the_run(story: Story, long: dict[str, Any]) -> None:
    run = story.run(story.batch(long, name="Slow pages"))
    assert f"/runs/{run['id']}/stop" in story.client.get(run["url"]).text
    dialog = story.client.get(f"/runs/{run['id']}/stop").text
    assert "What waits never starts" in dialog
    assert "Slow pages" in dialog
    answer = story.client.post(f"/runs/{run['id']}/stop", data={"mode": "hard"})
    assert (answer.status_code, "was stopped" in answer.headers["HX-Trigger"]) == (204, True)
    assert f"/runs/{run['id']}/stop" not in story.client.get(run["url"]).text
    assert "there is nothing to stop" in story.client.get(f"/runs/{run['id']}/stop").text


def test_a_run_that_was_asked_to_stop_says_so_until_it_has_ended(story: Story) -> None:
    run = story.run(story.batch(story.task(story.page(preparatory_actions=[{"type": "wait", "ms": 5_000}]))))
    under_way(story, run)
    stop(story, f"/api/runs/{run['id']}", "soft")
    assert "This run was asked to stop" in story.client.get(run["url"]).text
    story.wait(run)
    assert "This run was asked to stop" not in story.client.get(run["url"]).text
