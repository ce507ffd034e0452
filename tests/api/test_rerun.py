"""Run again what failed or changed."""

from typing import Any

import pytest

from scene.bootstrap import Scene
from scene.domain.status import Reason, Status
from scene.store.values import AttemptOutcome
from tests.api.test_create_run import refused
from tests.support.describe import Story


def fail_all(scene: Scene) -> None:
    """End every run that there is: each of its executions fails."""
    while waiting := scene.store.executions.waiting():
        for entry in waiting:
            scene.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
            outcome = AttemptOutcome(Status.FAILED, reason=Reason.STATUS, message="No.")
            scene.store.executions.finish(entry.execution_id, entry.attempt, outcome)


def failed_run(scene: Scene, story: Story, *tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    run = story.run(story.batch(*tasks), **fields)
    fail_all(scene)
    return run


def again(story: Story, run: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"batch_id": run["batch_id"], "purpose": run["purpose"], "rerun_of": run["id"], **fields}
    return story.post("/api/runs", **body)


def test_what_failed_is_carried_out_again(scene: Scene, story: Story) -> None:
    run = failed_run(scene, story, story.task(), story.task())
    repeated = again(story, run)
    assert (repeated["rerun_of"], repeated["rerun"], repeated["summary"]["total"]) == (run["id"], "failed", 2)


def test_a_rerun_is_like_its_run_unless_it_says_otherwise(scene: Scene, story: Story) -> None:
    given = {"line": "release", "base_url": "https://a.example", "variables": {"a": "b"}, "labels": {"commit": "1"}}
    run = failed_run(scene, story, **given)
    repeated = again(story, run, variables={"a": "c"})
    assert {name: repeated[name] for name in given} == given | {"variables": {"a": "c"}}


def test_what_left_the_batch_is_not_carried_out_again(scene: Scene, story: Story) -> None:
    kept, dropped = story.task(), story.task()
    run = failed_run(scene, story, kept, dropped)
    story.client.delete(f"/api/tasks/{dropped['id']}")
    assert [execution["task_id"] for execution in story.executions(again(story, run))] == [kept["id"]]
    fail_all(scene)
    story.client.delete(f"/api/tasks/{kept['id']}")
    assert refused(story, {"id": run["batch_id"]}, rerun_of=run["id"]).startswith("batch_id: ")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rerun": "changed"}, "rerun_of: nothing in it is changed"),
        ({"rerun": "unchanged"}, "rerun: "),
        ({"task_ids": ["x"]}, "task_ids: a re-run takes"),
        ({"purpose": "baseline_recording", "rerun": "changed"}, "rerun: a recording has no verdicts"),
        ({"purpose": "baseline_recording"}, "rerun_of: is a comparison"),
        ({"rerun_of": "gone"}, "rerun_of: There is no run 'gone'"),
        ({"rerun_of": None, "rerun": "failed"}, "rerun: needs rerun_of"),
    ],
)
def test_a_rerun_that_makes_no_sense_is_named(scene: Scene, story: Story, fields: dict[str, Any], said: str) -> None:
    run = failed_run(scene, story)
    assert refused(story, {"id": run["batch_id"]}, **{"rerun_of": run["id"], **fields}).startswith(said)


def test_a_run_that_is_active_is_not_repeated(story: Story) -> None:
    run = story.run(story.batch())
    assert refused(story, {"id": run["batch_id"]}, rerun_of=run["id"]).startswith("rerun_of: has not ended")


def test_a_run_of_another_batch_is_not_repeated(scene: Scene, story: Story) -> None:
    run = failed_run(scene, story)
    assert refused(story, story.batch(), rerun_of=run["id"]).startswith("rerun_of: is a run of another")
