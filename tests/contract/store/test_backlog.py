"""What waits and what is under way, for those who watch a Scene from outside."""

from scene.domain.catalog import BatchDraft, BatchTask
from scene.domain.progress import Backlog
from scene.domain.viewport import Browser
from tests.contract.store.world import ANN, START, World


def test_nothing_waits_in_an_idle_scene(world: World) -> None:
    assert world.store.executions.backlog() == []


def test_what_waits_and_what_is_under_way_is_counted_by_browser(world: World) -> None:
    _, admitted = world.run(world.batch(cells=4))
    world.clock.pass_seconds(60)
    world.start(admitted[0])
    [backlog] = world.store.executions.backlog()
    assert backlog == Backlog(browser=Browser.CHROMIUM, queued=3, executing=1, oldest_queued_at=START)


def test_what_was_asked_for_lately_comes_first(world: World) -> None:
    assert world.store.executions.lately(10) == []
    project = world.project()
    fox = world.task(project, "fox", browser=Browser.FIREFOX)
    batch = world.store.batches.create(project.id, BatchDraft(name="fox", tasks=[BatchTask(task_id=fox.id)]), ANN)
    world.run(batch)
    world.run(world.batch(cells=2, project=project))
    assert world.store.executions.lately(10) == [Browser.CHROMIUM, Browser.FIREFOX]
    assert world.store.executions.lately(2) == [Browser.CHROMIUM]
