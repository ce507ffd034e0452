"""Narrow a list over REST."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.describe import Story


def listed(story: Story, **query: Any) -> list[str]:
    return [run["id"] for run in story.get("/api/runs", **query)["items"]]


def test_runs_are_found_by_what_is_known_of_them(story: Story) -> None:
    batch = story.batch()
    old = story.run(batch, note="Before the sale", line="release", jira_issue="SHOP-7")
    new = story.run(story.batch())
    assert listed(story) == listed(story, status=["queued", "failed"], actor="local") == [new["id"], old["id"]]
    for query in (
        {"project": story.project["id"], "batch": batch["id"]},
        {"text": "THE SALE", "purpose": "comparison"},
        {"jira_issue": "SHOP-7", "line": "release"},
        {"created_after": old["created_at"], "created_before": new["created_at"]},
    ):
        assert listed(story, **query) == [old["id"]], query
    assert listed(story, verdict="changed") == listed(story, created_after="2999-01-01T00:00:00+02:00") == []


def test_a_filtered_list_goes_on_where_it_ended(story: Story) -> None:
    batch = story.batch()
    runs = [story.run(batch, line=line) for line in ("a", "b", "a", "b", "a")]
    first = story.get("/api/runs", line="a", limit=2)
    rest = story.get("/api/runs", line="a", limit=2, cursor=first["next_cursor"])
    assert [run["id"] for run in first["items"] + rest["items"]] == [runs[index]["id"] for index in (4, 2, 0)]
    assert rest["next_cursor"] is None


def test_executions_are_found_by_what_is_known_of_them(story: Story) -> None:
    tasks = [story.task(browsers=["chromium", "firefox"]), story.task()]
    path = f"/api/runs/{story.run(story.batch(*tasks))['id']}/executions"
    assert len(story.get(path, status="queued")["items"]) == 3
    assert [found["browser"] for found in story.get(path, browser="firefox")["items"]] == ["firefox"]
    assert [found["task_id"] for found in story.get(path, task=tasks[1]["id"])["items"]] == [tasks[1]["id"]]
    assert story.get(path, verdict="changed")["items"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "done"),
        ("verdict", "ok"),
        ("purpose", "x"),
        ("jira_issue", "shop 1"),
        ("created_after", "yesterday"),
        ("created_before", "2026-01-01T00:00:00"),
        ("created_before", "0001-01-01T00:00:00+14:00"),
        ("text", ""),
        ("text", "x" * 201),
        ("actor", "\x00"),
        ("batch", "x" * 65),
    ],
)
def test_a_value_that_cannot_be_is_named(story: Story, name: str, value: str) -> None:
    response = story.client.get("/api/runs", params={name: value})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].partition("[")[0] == name


@pytest.mark.parametrize(("name", "value"), [("status", "done"), ("verdict", ""), ("browser", "netscape")])
def test_a_value_that_no_execution_has_is_named(story: Story, name: str, value: str) -> None:
    path = f"/api/runs/{story.run(story.batch())['id']}/executions"
    response = story.client.get(path, params={name: value})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].partition("[")[0] == name


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("/api/runs?batch_id=x", "batch_id", "batch"),
        ("/api/runs?status=failed&verdit=changed", "verdit", "verdict"),
        ("/api/settings?x=1", "x", "none"),
        ("/api/projects?Limit=3", "Limit", "limit"),
    ],
)
def test_a_parameter_that_does_not_exist_is_refused(client: TestClient, path: str, field: str, words: str) -> None:
    response = client.get(path)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]
