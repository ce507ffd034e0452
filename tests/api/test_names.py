"""Names in every script go in and come out as they are, wherever they are shown."""

import html
from typing import Any

import pytest

from tests.support.describe import Story
from tests.support.names import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_name_comes_out_as_it_went_in(story: Story, name: str) -> None:
    page = story.page(name=name)
    task = story.task(page, name=name)
    batch = story.batch(task, name=name)
    run = story.run(batch, note=name, labels={name: name})
    (execution,) = story.executions(run)
    assert [page["name"], task["name"], batch["name"]] == [name] * 3
    assert [run["batch_name"], run["note"], run["labels"]] == [name, name, {name: name}]
    assert [execution["task_name"], execution["page_name"]] == [name, name]
    assert [found["id"] for found in story.get("/api/runs", text=name, project=story.project["id"])["items"]] == [
        run["id"]
    ]
    for url in ("/runs", run["url"], execution["url"]):
        shown = story.client.get(url).text
        assert name in html.unescape(shown)
        assert ("<b>" not in shown) or "<b>" not in name


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "two\nlines", "x" * 201, "bell\x07", "\x7f"])
@pytest.mark.parametrize("noun", ["pages", "tasks", "batches"])
def test_what_is_no_name_is_refused(story: Story, noun: str, name: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "pages": {"url": "/"},
        "tasks": {"page_id": "x", "viewports": [{"width": 100, "height": 100}]},
        "batches": {},
    }
    response = story.client.post(f"/api/projects/{story.project['id']}/{noun}", json=bodies[noun] | {"name": name})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["name"]


def test_half_a_character_is_refused(story: Story) -> None:
    response = story.client.post(
        f"/api/projects/{story.project['id']}/pages",
        content=b'{"name": "half \\ud800", "url": "/"}',
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["name"]
