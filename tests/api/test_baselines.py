"""Which baseline a comparison uses, and why."""

from typing import Any

from scene.bootstrap import Scene
from scene.domain.status import Status
from scene.store.values import AttemptOutcome
from tests.api.test_create_run import refused
from tests.support.describe import Story


def record(scene: Scene, story: Story, batch: dict[str, Any], **fields: Any) -> str:
    """The id of a baseline without pictures."""
    run = story.run(batch, "baseline_recording", **fields)
    while waiting := scene.store.executions.waiting():
        for entry in waiting:
            scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
            scene.store.executions.finish(entry.execution_id, entry.attempt, AttemptOutcome(Status.FINISHED))
    return story.get(f"/api/runs/{run['id']}")["baseline_id"]


def chosen(story: Story, batch: dict[str, Any], **fields: Any) -> tuple[str | None, str]:
    run = story.run(batch, **fields)
    return run["baseline_id"], run["baseline_reason"]


def pin(story: Story, batch: dict[str, Any], baseline_id: str | None, use: str = "pinned") -> Any:
    policy = {"use": use, "baseline_id": baseline_id}
    return story.client.patch(f"/api/batches/{batch['id']}", json={"baseline_policy": policy})


def test_a_recording_says_no_reason(story: Story) -> None:
    assert story.run(story.batch(), "baseline_recording")["baseline_reason"] is None


def test_without_a_baseline_the_reason_is_none(story: Story) -> None:
    assert chosen(story, story.batch(), parent_line="main") == (None, "none")


def test_the_latest_of_the_line_comes_before_that_of_the_parent_line(scene: Scene, story: Story) -> None:
    batch = story.batch()
    main = record(scene, story, batch)
    assert chosen(story, batch) == (main, "latest_of_line")
    assert chosen(story, batch, line="branch") == (None, "none")
    assert chosen(story, batch, line="branch", parent_line="main") == (main, "latest_of_parent_line")
    branch = record(scene, story, batch, line="branch")
    assert chosen(story, batch, line="branch", parent_line="main") == (branch, "latest_of_line")


def test_the_pin_comes_before_the_latest_and_the_named_one_before_the_pin(scene: Scene, story: Story) -> None:
    batch = story.batch()
    old, new = record(scene, story, batch), record(scene, story, batch)
    assert pin(story, batch, old).status_code == 200
    assert chosen(story, batch) == (old, "pinned")
    assert chosen(story, batch, baseline_id=new) == (new, "named")
    assert pin(story, batch, None, use="none").status_code == 200
    assert chosen(story, batch) == (None, "none")


def test_a_pin_is_a_baseline_of_the_batch(scene: Scene, story: Story) -> None:
    other = record(scene, story, story.batch())
    response = pin(story, story.batch(), other)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "baseline_policy.baseline_id")


def test_a_pin_names_a_baseline_and_nothing_else_does(story: Story) -> None:
    batch = story.batch()
    for response in (pin(story, batch, None), pin(story, batch, "x", use="latest")):
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "baseline_policy")


def test_a_new_batch_cannot_have_a_pin_yet(story: Story) -> None:
    path, body = f"/api/projects/{story.project['id']}/batches", {"name": "Pinned"}
    policy = {"use": "pinned", "baseline_id": "x"}
    response = story.client.post(path, json=body | {"baseline_policy": policy})
    assert response.json()["errors"][0]["field"] == "baseline_policy.baseline_id"


def test_a_rerun_keeps_the_baseline_that_its_run_named(scene: Scene, story: Story) -> None:
    batch = story.batch()
    old, new = record(scene, story, batch), record(scene, story, batch)
    named = story.run(batch, baseline_id=old)
    [entry] = scene.store.executions.waiting()
    scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
    scene.store.executions.finish(entry.execution_id, entry.attempt, AttemptOutcome(Status.FAILED))
    assert chosen(story, batch, rerun_of=named["id"]) == (old, "named")
    assert chosen(story, batch) == (new, "latest_of_line")


def test_a_baseline_of_another_batch_is_not_named(scene: Scene, story: Story) -> None:
    other = record(scene, story, story.batch())
    assert refused(story, story.batch(), baseline_id=other).startswith("baseline_id: ")
