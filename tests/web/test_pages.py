"""The three pages: what they show, and when they ask again."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.web import render
from scene.web.code_spans import code_spans
from tests.support.describe import Story
from tests.support.site import Site

HTMX = {"HX-Request": "true"}


def test_without_runs_the_list_says_what_to_do(client: TestClient) -> None:
    page = client.get("/", follow_redirects=True)
    assert page.url.path == "/runs"
    assert "No runs yet" in page.text
    assert '<a class="btn btn-primary" href="/projects">To the projects</a>' in page.text
    assert "Create the first project" in client.get("/projects").text


def test_no_page_sends_to_a_checkout_that_a_deployment_has_not() -> None:
    templates = Path(render.__file__).with_name("templates").rglob("*.html")
    assert not [str(each) for each in templates if "<code>make" in each.read_text()]


def test_one_address_gives_a_page_or_its_fragment(story: Story) -> None:
    url = f"/runs/{story.run(story.batch())['id']}"
    page, fragment = story.client.get(url), story.client.get(url, headers=HTMX)
    assert page.text.startswith("<!DOCTYPE html>")
    assert fragment.text.lstrip().startswith('<section id="run"')
    assert page.headers["vary"] == fragment.headers["vary"] == "HX-Request"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_a_restored_page_are_whole_pages(client: TestClient, header: str) -> None:
    assert client.get("/runs", headers={**HTMX, header: "true"}).text.startswith("<!DOCTYPE html>")


def test_a_page_asks_again_while_its_run_is_active_and_stops_then(story: Story, scene: Scene) -> None:
    run = story.run(story.batch(), "baseline_recording")
    for url in ("/runs", f"/runs/{run['id']}", f"/executions/{story.executions(run)[0]['id']}"):
        assert 'hx-trigger="every 2s"' in story.client.get(url, headers=HTMX).text
    scene.start()
    story.wait(run)
    for url in ("/runs", f"/runs/{run['id']}", f"/executions/{story.executions(run)[0]['id']}"):
        assert "every 2s" not in story.client.get(url, headers=HTMX).text


def shown_pictures(html: str) -> list[dict[str, Any]]:
    """What the viewer is given."""
    (given,) = re.findall(r'data-pictures="([^"]*)"', html)
    pictures: list[dict[str, Any]] = json.loads(unescape(given))
    return pictures


@pytest.mark.live
def test_an_execution_shows_its_four_pictures(story: Story, site: Site) -> None:
    batch = story.batch()
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1>"
    (execution,) = story.executions(story.compare(batch))
    html = story.client.get(f"/executions/{execution['id']}").text
    linked = dict(re.findall(r'<a href="(/artifacts/[^"]+)">(Baseline|Observed|Diff|Heatmap)</a>', html))
    assert sorted(linked.values()) == ["Baseline", "Diff", "Heatmap", "Observed"]
    assert all(story.client.get(source).status_code == 200 for source in linked)


@pytest.mark.live
def test_an_execution_shows_what_is_masked(story: Story, site: Site) -> None:
    batch = story.batch(story.task(policy={"masks": [{"selector": "h1"}, {"selector": "[title='<b>']"}]}))
    recorded = story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1><p>Too</p>"
    for run, pictures in ((recorded, 1), (story.compare(batch), 2)):
        html = story.client.get(f"/executions/{story.executions(run)[0]['id']}").text
        (shown,) = shown_pictures(html)
        assert [len(shown["masked"]), *(len(each["masked"]) for each in shown["against"])] == [1] * pictures
        assert re.findall(r'<code class="text-break">(.*?)</code> \((.*?)\)', html) == [
            ("h1", "1 area"),
            ("[title=&#39;&lt;b&gt;&#39;]", "nothing matched"),
        ]


@pytest.mark.live
def test_a_failure_says_why(story: Story, site: Site) -> None:
    site.pages["/broken"], site.statuses["/broken"] = "Sorry", 500
    (execution,) = story.executions(story.record(story.batch(story.task(story.page("/broken")))))
    html = story.client.get(f"/executions/{execution['id']}").text
    assert execution["message"] in html
    assert "Failed: status" in html


XSS = "<img src=x onerror=alert(1)>\"'"


def test_what_people_write_is_escaped(client: TestClient, site: Site) -> None:
    project: dict[str, Any] = client.post("/api/projects", json={"name": XSS, "slug": "x", "base_url": site.url}).json()
    story = Story.__new__(Story)
    story.client, story.project = client, project
    page = client.post(f"/api/projects/{project['id']}/pages", json={"name": XSS, "url": "/"}).json()
    body = {"name": XSS, "page_id": page["id"], "viewports": [{"name": XSS, "width": 640, "height": 480}]}
    task = client.post(f"/api/projects/{project['id']}/tasks", json=body).json()
    batch = client.post(
        f"/api/projects/{project['id']}/batches", json={"name": XSS, "tasks": [{"task_id": task["id"]}]}
    ).json()
    run = client.post("/api/runs", json={"batch_id": batch["id"], "purpose": "comparison", "note": XSS}).json()
    execution = story.executions(run)[0]
    for url in ("/runs", f"/runs/{run['id']}", f"/executions/{execution['id']}"):
        html = client.get(url).text
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


@pytest.mark.parametrize("url", ["/runs/nothing", "/executions/nothing", "/nowhere"])
def test_what_is_not_there_is_a_page_for_people(client: TestClient, url: str) -> None:
    response = client.get(url, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert response.text.startswith("<!DOCTYPE html>")
    assert "Not found" in response.text
    assert "Not Found." not in response.text


def test_what_is_not_for_everybody_is_said_so_with_its_command_as_code(client: TestClient) -> None:
    response = client.get("/account", headers={"Accept": "text/html"})
    assert response.status_code == 403
    assert "Not allowed" in response.text
    assert "<code>scene users add</code>" in response.text


def test_only_pairs_of_backticks_are_code_and_everything_is_escaped() -> None:
    assert code_spans("run `a<b>` now, `twice`") == "run <code>a&lt;b&gt;</code> now, <code>twice</code>"
    assert code_spans("one ` alone & nothing") == "one ` alone &amp; nothing"


def test_a_tampered_cursor_is_explained(client: TestClient) -> None:
    response = client.get("/runs?cursor=tampered", headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "cursor" in response.text


def test_no_page_has_inline_script_or_style(story: Story) -> None:
    run = story.run(story.batch())
    for url in ("/runs", f"/runs/{run['id']}", f"/executions/{story.executions(run)[0]['id']}", "/docs"):
        html = story.client.get(url).text
        assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html)
