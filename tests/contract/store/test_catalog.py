"""Projects, pages, tasks and batches."""

import pytest

from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.viewport import Viewport
from scene.errors import AlreadyExists, InUse, Invalid, NotFound, VersionConflict
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, World
from tests.support.names import NAMES

HOME = PageDraft(name="home", url="https://shop.example/", headers={"X-A": "1"}, expected_status=[200, 404])


def test_a_project_is_read_as_it_was_written(world: World) -> None:
    draft = ProjectDraft(name="Läden ☕", slug="shop", description="Ours", base_url="https://shop.example/")
    project = world.store.projects.create(draft, ANN)
    assert world.store.projects.get(project.id) == project
    assert (project.name, project.version, project.created_at) == ("Läden ☕", 1, START)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_kept_and_unique(world: World, name: str) -> None:
    project = world.project(name=name)
    page = world.page(project, name)
    assert world.store.projects.get(project.id).name == world.store.pages.get(page.id).name == name
    with pytest.raises(AlreadyExists):
        world.page(project, name)


def test_a_slug_is_unique(world: World) -> None:
    world.project("shop")
    with pytest.raises(AlreadyExists) as caught:
        world.project("shop")
    assert caught.value.fields[0].field == "slug"


def test_a_page_name_is_unique_in_its_project_only(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    world.store.pages.create(shop.id, HOME, ANN)
    world.store.pages.create(blog.id, HOME, ANN)
    with pytest.raises(AlreadyExists, match="name: another page has the name 'home'"):
        world.store.pages.create(shop.id, HOME, ANN)


def test_renaming_a_page_to_a_taken_name_changes_nothing(world: World) -> None:
    project = world.project()
    page, other = world.page(project, "home"), world.page(project, "cart")
    with pytest.raises(AlreadyExists):
        world.store.pages.replace(other.id, HOME, None, ANN)
    assert world.store.pages.get(other.id) == other
    assert world.store.pages.get(page.id) == page


def test_replacing_counts_the_version_up(world: World) -> None:
    page = world.page(world.project())
    world.clock.pass_seconds(5)
    replaced = world.store.pages.replace(page.id, HOME, page.version, ANN)
    assert (replaced.version, replaced.headers, replaced.created_at) == (2, {"X-A": "1"}, START)
    assert replaced.updated_at == world.clock.now


def test_replacing_with_the_same_changes_nothing(world: World) -> None:
    project = world.project()
    page = world.store.pages.create(project.id, HOME, ANN)
    entries = len(world.store.records.audit(SliceRequest()).items)
    assert world.store.pages.replace(page.id, HOME, None, ANN) == page
    assert len(world.store.records.audit(SliceRequest()).items) == entries


def test_who_saves_second_is_told(world: World) -> None:
    page = world.page(world.project())
    world.store.pages.replace(page.id, HOME, page.version, ANN)
    with pytest.raises(VersionConflict):
        world.store.pages.replace(page.id, HOME.model_copy(update={"name": "other"}), page.version, ANN)
    with pytest.raises(VersionConflict):
        world.store.pages.delete(page.id, page.version, ANN)


def test_changes_are_audited_with_the_names_of_the_fields(world: World) -> None:
    page = world.page(world.project())
    world.store.pages.replace(page.id, HOME, None, ANN)
    newest = world.store.records.audit(SliceRequest()).items[0]
    assert (newest.action, newest.actor, newest.targets) == ("page.updated", ANN, [f"page:{page.id}"])
    assert newest.data == {"changed": ["headers", "expected_status"]}


def test_a_task_needs_a_page_of_its_project(world: World) -> None:
    page = world.page(world.project("shop"))
    draft = TaskDraft(name="look", page_id=page.id, viewports=[Viewport(width=100, height=100)])
    with pytest.raises(Invalid) as caught:
        world.store.tasks.create(world.project("blog").id, draft, ANN)
    assert caught.value.fields[0].field == "page_id"


def test_a_task_is_read_as_it_was_written(world: World) -> None:
    task = world.task(world.project(), viewports=3)
    assert world.store.tasks.get(task.id) == task
    assert [viewport.width for viewport in task.viewports] == [100, 101, 102]


def test_a_batch_names_each_task_that_is_not_of_its_project(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    tasks = [BatchTask(task_id=world.task(project).id) for project in (shop, blog)]
    with pytest.raises(Invalid) as caught:
        world.store.batches.create(shop.id, BatchDraft(name="all", tasks=[*tasks, BatchTask(task_id="gone")]), ANN)
    assert [error.field for error in caught.value.fields] == ["tasks[1].task_id", "tasks[2].task_id"]


def test_a_batch_keeps_the_order_of_its_tasks(world: World) -> None:
    project = world.project()
    ids = [world.task(project, name).id for name in ("a", "b", "c")]
    entries = [BatchTask(task_id=task_id, enabled=task_id != ids[1]) for task_id in reversed(ids)]
    batch = world.store.batches.create(project.id, BatchDraft(name="all", tasks=entries), ANN)
    assert world.store.batches.get(batch.id).tasks == entries
    assert [task.id for task, _ in world.store.batches.matrix(batch.id)[2]] == [ids[2], ids[0]]


def test_reordering_the_tasks_of_a_batch_is_a_change(world: World) -> None:
    project = world.project()
    entries = [BatchTask(task_id=world.task(project, name).id) for name in ("a", "b")]
    batch = world.store.batches.create(project.id, BatchDraft(name="all", tasks=entries), ANN)
    replaced = world.store.batches.replace(batch.id, BatchDraft(name="all", tasks=entries[::-1]), None, ANN)
    assert (replaced.version, replaced.tasks) == (2, entries[::-1])


def test_a_page_in_use_is_kept_and_its_tasks_are_named(world: World) -> None:
    project = world.project()
    task = world.task(project)
    with pytest.raises(InUse, match="'look'"):
        world.store.pages.delete(task.page_id, None, ANN)


def test_a_deleted_task_leaves_its_batches(world: World) -> None:
    batch = world.batch()
    world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)
    after = world.store.batches.get(batch.id)
    assert (after.tasks, after.version) == ([], 2)


def test_a_task_of_an_active_run_is_kept(world: World) -> None:
    batch = world.batch()
    _, admitted = world.run(batch)
    with pytest.raises(InUse):
        world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)
    world.carry_out(admitted)
    world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)


def test_deleting_task_and_page_never_touches_history(world: World) -> None:
    batch = world.batch()
    run, admitted = world.run(batch)
    world.carry_out(admitted)
    before = world.store.executions.of_run(run.id, SliceRequest()).items
    task = world.store.tasks.get(batch.tasks[0].task_id)
    world.store.tasks.delete(task.id, None, ANN)
    world.store.pages.delete(task.page_id, None, ANN)
    assert world.store.executions.of_run(run.id, SliceRequest()).items == before


@pytest.mark.parametrize("noun", ["projects", "batches"])
def test_what_an_active_run_uses_is_not_deleted(world: World, noun: str) -> None:
    batch = world.batch()
    run, _ = world.run(batch)
    with pytest.raises(InUse, match=run.id):
        getattr(world.store, noun).delete(batch.project_id if noun == "projects" else batch.id, None, ANN)


@pytest.mark.parametrize("noun", ["projects", "batches"])
def test_runs_and_baselines_go_with_what_they_are_of(world: World, noun: str) -> None:
    batch = world.batch(cells=2)
    baseline = world.record(batch)
    run, admitted = world.run(batch, baseline=baseline)
    world.carry_out(admitted, percent=5)
    world.webhook(project=world.store.projects.get(batch.project_id))
    getattr(world.store, noun).delete(batch.project_id if noun == "projects" else batch.id, None, ANN)
    for gone in (lambda: world.store.runs.get(run.id), lambda: world.store.baselines.get(baseline.id)):
        with pytest.raises(NotFound):
            gone()
    assert world.store.records.audit(SliceRequest()).items[0].action.endswith(".deleted")


@pytest.mark.parametrize("noun", ["projects", "pages", "tasks", "batches", "runs", "executions", "baselines"])
@pytest.mark.parametrize("key", ["gone", "", "nul\x00", "\ud800", "🎉"])
def test_what_nobody_created_is_not_found(world: World, noun: str, key: str) -> None:
    with pytest.raises(NotFound):
        getattr(world.store, noun).get(key)


def test_a_page_needs_a_project(world: World) -> None:
    with pytest.raises(NotFound):
        world.store.pages.create("gone", HOME, ANN)
