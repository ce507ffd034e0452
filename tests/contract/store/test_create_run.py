"""A run is persisted with all its executions before the first starts."""

import time
from datetime import timedelta

import pytest

from scene.domain.catalog import BatchDraft, BatchTask
from scene.domain.filters import EVERY_RUN, RunFilter
from scene.domain.runs import RunDraft, RunPlan
from scene.domain.status import Purpose, Status
from scene.errors import Invalid, NotFound
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, World


def test_a_run_is_queued_with_all_its_executions(world: World) -> None:
    run, _ = world.run(world.batch(cells=3), note="before release", labels={"branch": "main"})
    assert (run.status, run.summary.total, run.summary.queued) == (Status.QUEUED, 3, 3)
    assert (run.note, run.labels, run.requested_by) == ("before release", {"branch": "main"}, "ann")
    assert world.store.runs.get(run.id) == run


def test_executions_know_what_they_are_of(world: World) -> None:
    batch = world.batch(cells=2)
    run, _ = world.run(batch)
    execution = world.store.executions.of_run(run.id, SliceRequest()).items[1]
    assert (execution.position, execution.viewport.key) == (1, "101x100@1")
    assert (execution.task_id, execution.page_name) == (batch.tasks[0].task_id, "home")
    assert (execution.attempt, execution.status, execution.created_at) == (0, Status.QUEUED, START)


@pytest.mark.parametrize("name", ["\\N", "\\.", "C:\\new\\table", "“é” 漢 'x' \"y\" {z}"])
def test_a_large_run_has_the_names_as_they_are(world: World, name: str) -> None:
    project = world.project()
    task = world.task(project, name, viewports=50)
    batch = world.store.batches.create(project.id, BatchDraft(name=name, tasks=[BatchTask(task_id=task.id)]), ANN)
    run, _ = world.run(batch)
    stored = world.store.executions.of_run(run.id, SliceRequest(limit=100)).items
    assert [execution.task_name for execution in stored] == [name] * 50


def test_the_deadline_is_that_of_the_draft_or_of_the_settings(world: World) -> None:
    world.allow(run_timeout_seconds=60)
    batch = world.batch()
    assert world.run(batch)[0].deadline_at == START + timedelta(seconds=60)
    assert world.run(batch, timeout_seconds=5)[0].deadline_at == START + timedelta(seconds=5)


def test_the_jira_issue_is_that_of_the_draft_or_of_the_batch(world: World) -> None:
    batch = world.batch()
    assert world.run(batch)[0].jira_issue == "SHOP-1"
    assert world.run(batch, jira_issue="SHOP-2")[0].jira_issue == "SHOP-2"


def test_a_run_without_executions_is_refused(world: World) -> None:
    draft = RunDraft(batch_id=world.batch().id, purpose=Purpose.COMPARISON)
    with pytest.raises(Invalid) as caught:
        world.store.runs.create(draft, RunPlan([]), ANN)
    assert caught.value.fields[0].field == "batch_id"


def test_a_run_of_no_batch_is_refused(world: World) -> None:
    plan = RunPlan(world.plans(world.batch()))
    with pytest.raises(NotFound):
        world.store.runs.create(RunDraft(batch_id="gone", purpose=Purpose.COMPARISON), plan, ANN)


def test_a_baseline_of_another_batch_is_refused(world: World) -> None:
    project = world.project()
    baseline = world.record(world.batch(project=project))
    other = world.batch(project=project, name="other")
    with pytest.raises(Invalid) as caught:
        world.run(other, baseline=baseline)
    assert caught.value.fields[0].field == "baseline_id"
    assert world.store.runs.active() == 0


def test_neighbours_are_the_executions_before_and_after(world: World) -> None:
    run, _ = world.run(world.batch(cells=3))
    first, middle, last = world.store.executions.of_run(run.id, SliceRequest()).items
    assert world.store.executions.neighbours(first) == (None, middle.id)
    assert world.store.executions.neighbours(middle) == (first.id, last.id)
    assert world.store.executions.neighbours(last) == (middle.id, None)


def test_runs_are_listed_newest_first_with_their_counts(world: World) -> None:
    project = world.project()
    batches = [world.batch(cells, project, name) for cells, name in ((1, "a"), (2, "b"))]
    runs = [world.run(batch)[0] for batch in batches]
    assert world.store.runs.newest(EVERY_RUN, SliceRequest()).items == runs[::-1]
    assert world.store.runs.newest(RunFilter(batch_id=batches[0].id), SliceRequest()).items == [runs[0]]
    assert world.store.runs.newest(RunFilter(project_id="gone"), SliceRequest()).items == []
    assert world.store.runs.active() == 2


def test_a_thousand_executions_are_one_transaction(world: World) -> None:
    """And quick: half a second is the aim, several times that is left for a busy machine."""
    project = world.project()
    batch = world.batch(cells=50, project=project)
    plan = RunPlan(world.plans(batch) * 20)
    start = time.process_time()
    run, _, _ = world.store.runs.create(RunDraft(batch_id=batch.id, purpose=Purpose.COMPARISON), plan, ANN)
    assert time.process_time() - start < 2
    assert run.summary.total == 1000
