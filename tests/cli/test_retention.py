"""``scene retention``."""

import json

from tests.cli.conftest import Call
from tests.support.describe import Story
from tests.support.server import Server


def test_what_would_go_is_listed_and_let_go(call: Call, story: Story, server: Server) -> None:
    def retention(*arguments: str) -> tuple[int, str]:
        done = call("retention", story.project["slug"], *arguments, SCENE_SERVER_URL=server.url)
        return done.returncode, done.stdout + done.stderr

    batch = story.batch()
    for _ in range(3):
        story.record(batch)
    code, told = retention("--runs", "1", "--baselines", "2")
    assert (code, "2 runs and 1 baseline would go, with about" in told) == (0, True), told
    assert "not the newest of its batch" in told
    assert retention("--apply", "--runs", "1")[0] == 3
    assert "set its retention first" in retention("--apply")[1]
    story.client.patch(f"/api/projects/{story.project['id']}", json={"retention": {"runs": 1, "baselines": 2}})
    code, told = retention("--apply", "--json")
    assert (code, json.loads(told)) == (0, {"runs": 2, "baselines": 1, "stayed": 0})


def test_a_project_that_is_not_there_is_said(call: Call, server: Server) -> None:
    done = call("retention", "nowhere", SCENE_SERVER_URL=server.url)
    assert (done.returncode, "There is no project with the slug 'nowhere'" in done.stderr) == (3, True)
