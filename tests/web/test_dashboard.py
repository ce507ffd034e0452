"""The dashboard of a run: what is listed, and what is sent again while the run is active."""

import html
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.contract.store.world import Clock, World
from tests.support.describe import Story
from tests.support.site import Site
from tests.support.things import things

HTMX = {"HX-Request": "true"}


def tiles(text: str) -> list[str]:
    return re.findall(r'<li id="tile-(\w+)"', text)


def changes_url(text: str) -> str:
    found = re.search(r'hx-get="(/runs/\w+/changes[^"]*)"', text)
    assert found, text
    return html.unescape(found.group(1))


@pytest.fixture
def compared(story: Story, site: Site) -> dict[str, Any]:
    """An ended comparison: Same is unchanged, Other changed, Broken failed."""
    for path in ("/same", "/other", "/broken"):
        site.pages[path] = f"<!doctype html><h1>{path}</h1>"
    tasks = [story.task(story.page(path), name=path[1:].title()) for path in ("/same", "/other", "/broken")]
    batch = story.batch(*tasks)
    story.record(batch)
    site.pages["/other"] = "<!doctype html><h1>Something else</h1>"
    site.statuses["/broken"] = 500
    return story.compare(batch)


@pytest.mark.live
def test_an_ended_comparison_shows_what_changed(story: Story, compared: dict[str, Any]) -> None:
    same, other, broken = (execution["id"] for execution in story.executions(compared))
    url = f"/runs/{compared['id']}"
    assert tiles(story.client.get(url).text) == [other]
    assert tiles(story.client.get(f"{url}?show=all").text) == [other, broken, same]
    assert tiles(story.client.get(f"{url}?show=failed").text) == [broken]
    assert tiles(story.client.get(f"{url}?show=unchanged").text) == [same]
    assert tiles(story.client.get(f"{url}?show=nonsense").text) == [other]
    text = story.client.get(f"{url}?show=executing").text
    assert tiles(text) == []
    assert "None is executing" in text


@pytest.mark.live
def test_a_tile_says_why_and_how_long(story: Story, compared: dict[str, Any]) -> None:
    _, other, broken = story.executions(compared)
    text = story.client.get(f"/runs/{compared['id']}?show=all").text
    assert html.escape(broken["message"], quote=False) in html.unescape(text)
    assert story.screenshots(other)[0]["sentence"] in html.unescape(text)
    assert f"{other['duration_ms'] / 1000:.1f} s" in text
    assert text.count('loading="lazy"') == 2


@pytest.mark.live
def test_wherever_a_run_is_listed_its_failures_stand_beside_the_verdict(story: Story, compared: dict[str, Any]) -> None:
    project = f"/projects/{compared['project_id']}"
    for url in (f"/runs?project={compared['project_id']}", f"{project}/batches", f"/runs/{compared['id']}"):
        text = story.client.get(url).text
        assert "Changed</span>" in text, url
        assert "1 failed</span>" in text, url


def test_what_ci_said_of_a_run_is_on_its_page(story: Story) -> None:
    labels = {"commit": "0123abc", "build_url": "https://ci.example.org/7", "trap": "javascript:alert(1)"}
    run = story.run(story.batch(), labels=labels, base_url="https://preview.example.org/")
    text = story.client.get(f"/runs/{run['id']}").text
    assert "<dd>0123abc</dd>" in text
    assert '<a href="https://ci.example.org/7" rel="noreferrer">' in text
    assert "<dd>javascript:alert(1)</dd>" in text
    assert "pages at <a" in text


@pytest.mark.live
def test_a_task_can_be_shown_alone(story: Story, compared: dict[str, Any]) -> None:
    same = story.executions(compared)[0]
    text = story.client.get(f"/runs/{compared['id']}?show=all&task={same['task_id']}").text
    assert tiles(text) == [same["id"]]
    assert "Show every task" in text


def test_a_run_without_changes_shows_all(story: Story, scene: Scene) -> None:
    scene.start()
    run = story.record(story.batch())
    assert len(tiles(story.client.get(f"/runs/{run['id']}").text)) == 1


def test_while_nothing_happens_nothing_is_sent(story: Story) -> None:
    run = story.run(story.batch())
    url = changes_url(story.client.get(f"/runs/{run['id']}").text)
    answer = story.client.get(url, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")


def test_only_the_tile_that_changed_is_sent(story: Story, scene: Scene) -> None:
    run = story.run(story.batch(story.task(), story.task(), story.task()))
    url = changes_url(story.client.get(f"/runs/{run['id']}").text)
    (first, *_) = scene.store.executions.waiting()
    assert scene.store.executions.start(first.execution_id, first.attempt, "w1", 60)
    answer = story.client.get(url, headers=HTMX).text
    assert tiles(answer) == [first.execution_id]
    assert 'id="run-counts"' in answer
    assert answer.count("run-log-line") == 1
    assert story.client.get(changes_url(answer), headers=HTMX).status_code == 204


def test_an_execution_that_comes_into_the_list_brings_the_list(story: Story, scene: Scene) -> None:
    run = story.run(story.batch(story.task(), story.task()))
    page = story.client.get(f"/runs/{run['id']}?show=executing").text
    assert tiles(page) == []
    (first, *_) = scene.store.executions.waiting()
    assert scene.store.executions.start(first.execution_id, first.attempt, "w1", 60)
    answer = story.client.get(changes_url(page), headers=HTMX).text
    assert tiles(answer) == [first.execution_id]
    (old,) = re.findall(r'id="tiles-(\w+)"', page)
    assert f'hx-swap-oob="outerHTML:#tiles-{old}"' in answer


def test_the_last_answer_is_the_whole_dashboard_and_asks_no_more(story: Story, scene: Scene) -> None:
    run = story.run(story.batch(), "baseline_recording")
    url = changes_url(story.client.get(f"/runs/{run['id']}").text)
    scene.start()
    story.wait(run)
    answer = story.client.get(url, headers=HTMX)
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#run", "outerHTML")
    assert answer.text.lstrip().startswith('<section id="run"')
    assert "hx-trigger" not in answer.text


def test_many_executions_are_paged_and_a_page_is_of_one_order(story: Story) -> None:
    sizes = [{"width": 300 + number, "height": 300} for number in range(35)]
    run = story.run(story.batch(story.task(viewports=sizes), story.task(viewports=sizes)))
    first = story.client.get(f"/runs/{run['id']}").text
    further = html.unescape(re.findall(r'href="(/runs/[^"]*cursor[^"]*)"', first)[0])
    assert "order=start" in further
    assert (len(tiles(first)), len(tiles(story.client.get(further).text))) == (60, 10)
    assert "run-counts" not in story.client.get(further.replace("order=start", "order=changed")).text


def test_what_failed_or_changed_is_carried_out_again_from_the_dashboard(client: TestClient, scene: Scene) -> None:
    ids = things(scene)
    own = f"/runs/{ids['run']}"
    assert f'hx-get="{own}/rerun"' in client.get(own).text
    asked = client.get(f"{own}/rerun").text
    assert re.sub(r"\s+", " ", asked).count("What changed") == 1
    assert "What failed" not in asked
    assert client.post(f"{own}/rerun", data={"rerun": "everything"}).status_code == 422
    started = client.post(f"{own}/rerun", data={"rerun": "changed"})
    assert started.status_code == 204
    newest = client.get("/api/runs").json()["items"][0]
    assert (newest["rerun_of"], newest["rerun"], newest["summary"]["total"]) == (ids["run"], "changed", 2)


def test_an_empty_project_says_what_to_begin_with(client: TestClient, scene: Scene) -> None:
    world = World(scene.store, Clock())
    project = world.project()
    own = f"/projects/{project.id}"
    told = []
    for make in (lambda: None, lambda: world.page(project, "first"), lambda: world.batch(1, project)):
        make()
        told.append(re.findall(r'<h2 class="h4 mt-3">(.*)</h2>', client.get(own).text))
    assert told == [["Begin with a page"], ["Next: a task"], ["Next: the first run"]]
