"""``scene stop``."""

import json

from tests.cli.conftest import Call
from tests.support.describe import Story
from tests.support.server import Server


def test_a_run_is_stopped_and_what_ended_is_left_alone(call: Call, story: Story, server: Server) -> None:
    slow = story.task(story.page(preparatory_actions=[{"type": "wait", "ms": 500}] * 60))
    run = story.run(story.batch(slow))
    done = call("stop", run["id"], "--hard", SCENE_SERVER_URL=server.url)
    assert (done.returncode, done.stdout.strip()) == (0, "The run was stopped: 1 execution ended.")
    assert story.get(f"/api/runs/{run['id']}")["reason"] == "hard_stop"
    again = call("stop", run["id"], "--json", SCENE_SERVER_URL=server.url)
    assert json.loads(again.stdout)["changed"] is False


def test_an_execution_is_stopped(call: Call, story: Story, server: Server) -> None:
    slow = story.task(story.page(preparatory_actions=[{"type": "wait", "ms": 500}] * 60))
    [execution] = story.executions(story.run(story.batch(slow)))
    done = call("stop", execution["id"], "--execution", "--hard", SCENE_SERVER_URL=server.url)
    assert (done.returncode, done.stdout.strip()) == (0, "The execution was stopped.")


def test_what_is_not_there_is_said(call: Call, server: Server) -> None:
    done = call("stop", "nothing", SCENE_SERVER_URL=server.url)
    assert (done.returncode, "There is no run 'nothing'" in done.stderr) == (3, True)
