"""The settings: one record."""

import pytest

from scene.domain.catalog import Task, TaskDraft
from scene.domain.settings import Settings, ViewportPreset
from scene.domain.viewport import Browser, Viewport
from scene.errors import InUse, Invalid, VersionConflict
from scene.store.values import SliceRequest
from tests.contract.store.test_races import at_once
from tests.contract.store.world import ANN, World

VIEWPORT = Viewport(width=100, height=100)


def test_settings_begin_with_the_defaults(world: World) -> None:
    settings = world.store.settings.get()
    assert Settings.model_validate(settings.model_dump(exclude={"version"})) == Settings()
    assert settings.version == 1


def test_replaced_settings_are_kept_and_audited(world: World) -> None:
    replaced, _ = world.store.settings.replace(Settings(concurrency=9), 1, ANN)
    assert (replaced.concurrency, replaced.version) == (9, 2)
    assert world.store.settings.get() == replaced
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.data) == ("settings.updated", {"changed": ["concurrency"]})


def test_who_saves_second_is_told(world: World) -> None:
    world.store.settings.replace(Settings(concurrency=9), 1, ANN)
    with pytest.raises(VersionConflict):
        world.store.settings.replace(Settings(concurrency=8), 1, ANN)


def test_the_same_settings_change_nothing(world: World) -> None:
    assert world.store.settings.replace(Settings(), 1, ANN)[0].version == 1


def test_a_browser_that_a_task_uses_cannot_be_taken_away(world: World) -> None:
    world.task(world.project(), "look")
    with pytest.raises(InUse, match=r"The browser chromium is used by the tasks 'look \(Shop\)'"):
        world.allow(available_browsers=[Browser.FIREFOX])
    world.allow(available_browsers=[Browser.CHROMIUM])
    assert world.store.settings.get().available_browsers == [Browser.CHROMIUM]


def test_a_viewport_that_a_task_uses_cannot_be_taken_away(world: World) -> None:
    preset = ViewportPreset(name="small", width=100, height=100)
    world.allow(viewport_presets=[preset])
    world.task(world.project(), "look")
    world.allow(viewport_presets=[preset.model_copy(update={"name": "renamed"})])
    with pytest.raises(InUse, match=r"The viewport renamed \(100x100@1\) is used by the tasks 'look"):
        world.allow(viewport_presets=[])


def test_only_a_few_of_many_tasks_are_named(world: World) -> None:
    project = world.project()
    for index in range(7):
        world.task(project, f"task {index}")
    with pytest.raises(InUse, match=r"'task 4 .*' and 2 more"):
        world.allow(available_browsers=[Browser.WEBKIT])


def test_a_task_uses_the_browsers_that_there_are(world: World) -> None:
    project = world.project()
    task = world.task(project)
    world.allow(available_browsers=[Browser.CHROMIUM])
    draft = TaskDraft(
        name="other", page_id=task.page_id, viewports=task.viewports, browsers=[Browser.CHROMIUM, Browser.WEBKIT]
    )
    for act in (
        lambda: world.store.tasks.create(project.id, draft, ANN),
        lambda: world.store.tasks.replace(task.id, draft, None, ANN),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert [error.field for error in caught.value.fields] == ["browsers[1]"]


def test_a_browser_is_taken_away_or_used_but_not_both(world: World) -> None:
    project = world.project()
    page = world.page(project)
    for number in range(5):
        world.allow(available_browsers=[Browser.CHROMIUM, Browser.FIREFOX])
        draft = TaskDraft(name=f"{number}", page_id=page.id, viewports=[VIEWPORT], browsers=[Browser.FIREFOX])
        removed, created = at_once(
            [
                lambda: world.allow(available_browsers=[Browser.CHROMIUM]),
                lambda draft=draft: world.store.tasks.create(project.id, draft, ANN),
            ]
        )
        assert isinstance(removed, InUse) != isinstance(created, Invalid)
        if isinstance(created, Task):
            world.store.tasks.delete(created.id, None, ANN)


def test_a_higher_cap_admits_at_once(world: World) -> None:
    world.allow(concurrency=1)
    _, first = world.run(world.batch(cells=4))
    more = world.allow(concurrency=3)
    assert len(more) == 2
    assert world.store.executions.waiting() == first + more
    assert world.allow(attempts=5) == []
