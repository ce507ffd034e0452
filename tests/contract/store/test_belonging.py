"""How much goes with something."""

from datetime import UTC, datetime, timedelta

from scene.domain.belongings import Belongings
from scene.domain.quarantines import QuarantineDraft
from scene.domain.schedules import ScheduleDraft
from tests.contract.store.world import ANN, World

TOMORROW = datetime.now(UTC) + timedelta(days=1)


def test_each_kind_is_counted(world: World) -> None:
    project = world.project()
    batch = world.batch(3, project)
    baseline = world.record(batch)
    run, _ = world.run(batch, baseline=baseline)
    world.webhook(project=project)
    world.webhook()
    schedule = ScheduleDraft(name="Daily", batch_id=batch.id, cron="0 6 * * *", time_zone="UTC")
    world.store.schedules.create(project.id, schedule, TOMORROW, ANN)
    task_id = batch.tasks[0].task_id
    shaky = QuarantineDraft(task_id=task_id, reason="Shaky", owner="ann", expires_at=TOMORROW)
    world.store.quarantines.create(project.id, shaky, ANN)
    of = world.store.belonging
    everything = Belongings(
        pages=1, tasks=1, batches=1, schedules=1, runs=2, baselines=1, quarantines=1, webhooks=1, auth_profiles=0
    )
    assert of.of_project(project.id) == everything
    assert of.of_page(world.pages[project.id].id) == Belongings(tasks=1)
    assert of.of_task(task_id) == Belongings(batches=1, quarantines=1)
    assert of.of_batch(batch.id) == Belongings(runs=2, baselines=1, schedules=1, tasks=1)
    assert of.of_run(run.id) == Belongings(executions=3)
    assert of.of_run(baseline.run_id or "") == Belongings(executions=3, baselines=1)


def test_nothing_belongs_to_what_is_not_there(world: World) -> None:
    for ask in (world.store.belonging.of_project, world.store.belonging.of_batch, world.store.belonging.of_run):
        assert ask("unknown") == Belongings()


def test_what_there_is_is_told_in_words() -> None:
    found = Belongings(pages=3, tasks=1, batches=1_200)
    assert found.told("pages", "tasks", "batches", "runs") == "3 pages, 1 task and 1,200 batches"
    assert found.told("tasks") == "1 task"
    assert found.told("runs") == "nothing"
