"""The files of an execution on its page: a video that plays, logs to be read, a trace to be taken away."""

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
