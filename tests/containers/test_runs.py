"""A whole Scene whose executions run in containers."""

import time
from collections.abc import Iterator

import pytest

from scene.bootstrap import Scene
from scene.launch.docker.launcher import DockerLauncher
from tests.conftest import MakeScene
from tests.support.describe import Story
from tests.support.engine import ContainerEngine


@pytest.fixture
def scene(make_scene: MakeScene, containers: ContainerEngine) -> Iterator[Scene]:
    with make_scene(launcher="docker", runner_image=containers.image, warm_runners=1) as scene:
        yield scene


def test_a_run_in_containers_records_and_compares(story: Story) -> None:
    """And says so: on /health, in the steps of each attempt, and in the renderer; its webhooks hear of every move."""
    events = ["task.enqueued", "task.started", "task.finished", "task.failed", "run.finished"]
    hook = story.post("/api/webhooks", endpoint_url="https://hooks.example.org/", event_types=events)
    batch = story.batch(story.task(), story.task(story.page("/nothing-here")))
    run = story.record(batch)
    assert (run["summary"]["finished"], run["summary"]["failed"]) == (1, 1)
    told = [each["event_type"] for each in story.get(f"/api/webhooks/{hook['id']}/deliveries", limit=100)["items"]]
    assert {event: told.count(event) for event in events[:4]} == {
        "task.enqueued": 2,
        "task.started": 2,
        "task.finished": 1,
        "task.failed": 1,
    }
    assert "launcher docker (as is set)" in story.get("/health")["runner"]["detail"]
    done = next(each for each in story.executions(run) if each["status"] == "finished")
    (attempt,) = story.get(f"/api/executions/{done['id']}")["attempts"]
    assert attempt["steps"][0]["name"] == "runner"
    assert attempt["steps"][0]["detail"].startswith("container scene-")
    (screenshot,) = story.screenshots(done)
    assert screenshot["renderer"]["image"].startswith("sha256:")


def test_a_soft_stop_lets_a_container_end_with_its_files(story: Story) -> None:
    slow = story.task(story.page(preparatory_actions=[{"type": "wait", "ms": 400}] * 60))
    run = story.run(story.batch(slow), "baseline_recording")
    (execution,) = story.executions(run)
    path = f"/api/executions/{execution['id']}"
    deadline = time.monotonic() + 60
    while story.get(path)["execution"]["status"] != "executing":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    story.client.post(f"{path}/stop", json={"mode": "soft"})
    story.wait(run, seconds=30)
    ended = story.get(path)
    assert (ended["execution"]["status"], ended["execution"]["reason"]) == ("failed", "soft_stop")
    assert {"step_log", "result"} <= {file["type"] for file in ended["artifacts"]}


def test_what_was_used_lately_waits_from_the_start(scene: Scene, story: Story, make_scene: MakeScene) -> None:
    story.record(story.batch(story.task(browsers=["firefox"])))
    scene.close()
    with make_scene(launcher="docker", runner_image=scene.settings.runner_image, warm_runners=1) as restarted:
        assert isinstance(restarted.launcher, DockerLauncher)
        assert restarted.launcher.pool.wait_until_full(60)
        assert restarted.launcher.pool.waiting() == 1
