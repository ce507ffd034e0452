"""The files of an execution on its page: a video that plays, logs to be read, a trace to be taken away."""

import re
from typing import Any

import pytest

from tests.support.describe import QUICK, Story
from tests.support.site import Site

PAGE = "<!doctype html><title>Page</title><h1>{}</h1><img src=/none><script>console.error('<b>{}</b>')</script>"

pytestmark = pytest.mark.live


def changed(story: Story, site: Site, **policies: str) -> dict[str, Any]:
    site.statuses["/none"] = 404
    site.pages["/"] = PAGE.format("Before", "old")
    batch = story.batch(story.task(capture=QUICK | policies))
    story.record(batch)
    site.pages["/"] = PAGE.format("After", "new")
    (execution,) = story.executions(story.compare(batch))
    assert execution["verdict"] == "changed"
    return execution


def test_logs_are_read_on_the_page(story: Story, site: Site) -> None:
    execution = changed(story, site)
    page = story.client.get(f"/executions/{execution['id']}").text
    assert "playwright show-trace trace.zip" in page
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    console, network = (next(file for file in artifacts if file["type"] == kind) for kind in ("console", "network"))
    said = story.client.get(f"/logs/{console['id']}").text
    assert "&lt;b&gt;new&lt;/b&gt;" in said
    assert "<b>new" not in said
    requested = story.client.get(f"/logs/{network['id']}").text
    assert f"GET {site.url}/none" in requested
    assert "404" in requested


def test_what_is_no_log_is_not_read_as_one(story: Story, site: Site) -> None:
    execution = changed(story, site)
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    (trace,) = [file for file in artifacts if file["type"] == "trace"]
    assert story.client.get(f"/logs/{trace['id']}").status_code == 404


def test_a_log_is_filtered_and_says_how_much_there_is(story: Story, site: Site) -> None:
    site.pages["/"] = PAGE.format("x", "x") + "<script>for (let n = 0; n < 450; n++) console.log('line ' + n)</script>"
    site.statuses["/none"] = 404
    (execution,) = story.executions(story.compare(story.batch(story.task(capture=QUICK | {"console": "always"}))))
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    log = f"/logs/{next(file['id'] for file in artifacts if file['type'] == 'console')}"
    whole = story.client.get(log).text
    assert "452 lines; the first 200 are shown." in whole
    assert f'hx-get="{log}?lines=400"' in whole
    assert whole.count("<tr") == 201
    assert "Show more" not in story.client.get(log, params={"lines": 600}).text
    found = story.client.get(log, params={"text": "LINE 44", "kind": "log"}).text
    assert "11 of 452 lines." in found
    assert "line 449" in found
    problems = story.client.get(log, params={"problems": "true"}).text
    assert "2 of 452 lines." in problems
    assert "checked" in problems
    assert "None of 452 lines is like this." in story.client.get(log, params={"text": "<i>"}).text
    assert story.client.get(log, params={"lines": "many"}).status_code == 422


def test_steps_and_times_are_drawn_beside_their_numbers(story: Story, site: Site) -> None:
    page = story.client.get(f"/executions/{changed(story, site)['id']}").text
    assert "Steps of attempt 1" in page
    assert "Where the time went" in page
    spans = re.findall(r'<rect x="([\d.]+)" width="([\d.]+)" height="1"', page)
    assert len(spans) > 5
    assert all(float(left) >= 0 and float(width) > 0 and float(left) + float(width) <= 100.01 for left, width in spans)


def test_every_file_can_be_downloaded(story: Story, site: Site) -> None:
    execution = changed(story, site)
    page = story.client.get(f"/executions/{execution['id']}").text
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    assert {"trace", "console", "network"} <= {file["type"] for file in artifacts}
    for file in artifacts:
        assert f'href="{file["url"]}" download="{file["name"]}"' in page


def test_a_failed_execution_shows_the_page_as_it_was_then(story: Story) -> None:
    (execution,) = story.executions(story.compare(story.batch(story.task(task_js="null.nothing()"))))
    files = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    picture = next(file for file in files if file["name"] == "failure.png")
    page = story.client.get(f"/executions/{execution['id']}").text
    assert f'src="{picture["url"]}" alt="The page when it failed"' in page
