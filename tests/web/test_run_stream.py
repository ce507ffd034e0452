"""The stream of runs and its filters, which are in its address."""

import html
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.contract.store.world import Clock, World
from tests.support.describe import Story

HTMX = {"HX-Request": "true"}


def shown(text: str) -> list[str]:
    return re.findall(r'fw-semibold" href="/runs/(\w+)"', text)


@pytest.fixture
def runs(story: Story) -> dict[str, Any]:
    nightly, smoke = story.batch(name="Nightly", jira_issue="SHOP-7"), story.batch(name="Smoke")
    return {
        "nightly": story.run(nightly, "baseline_recording"),
        "smoke": story.run(smoke, note="before the release", line="next"),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["smoke", "nightly"]),
        ("text=release", ["smoke"]),
        ("status=queued,executing", ["smoke", "nightly"]),
        ("status=failed", []),
        ("purpose=baseline_recording", ["nightly"]),
        ("jira_issue=SHOP-7", ["nightly"]),
        ("line=next&status=&verdict=", ["smoke"]),
        ("actor=local", ["smoke", "nightly"]),
        ("actor=nobody", []),
        ("created_after=2020-01-31&created_before=2099-12-31", ["smoke", "nightly"]),
        ("created_before=2020-01-31", []),
    ],
)
def test_filters_narrow_the_stream(story: Story, runs: dict[str, Any], query: str, found: list[str]) -> None:
    text = story.client.get(f"/runs?{query}").text
    assert shown(text) == [runs[name]["id"] for name in found]
    assert ("No run is like that" in text) == (not found)


def test_until_a_day_means_the_whole_day(story: Story, runs: dict[str, Any]) -> None:
    today = runs["smoke"]["created_at"][:10]
    text = story.client.get(f"/runs?created_after={today}&created_before={today}").text
    assert len(shown(text)) == 2


def test_a_batch_is_named_and_can_be_left(story: Story, runs: dict[str, Any]) -> None:
    text = story.client.get(f"/runs?batch={runs['smoke']['batch_id']}&line=next").text
    assert shown(text) == [runs["smoke"]["id"]]
    assert "Batch Smoke" in text
    assert 'href="/runs?line=next"' in text


def test_the_address_keeps_only_what_is_set(story: Story) -> None:
    by_filters = HTMX | {"HX-Trigger": "run-filters"}
    answer = story.client.get("/runs?text=+a+&project=&status=", headers=by_filters)
    assert answer.headers["HX-Push-Url"] == "/runs?text=a"
    assert "HX-Push-Url" not in story.client.get("/runs?text=a", headers=HTMX).headers


def test_a_wrong_filter_is_explained_and_lists_nothing(story: Story, runs: dict[str, Any]) -> None:
    page = story.client.get("/runs?jira_issue=what")
    assert page.status_code == 200
    assert "must be a JIRA issue key" in page.text
    assert shown(page.text) == []
    fragment = story.client.get("/runs?jira_issue=what", headers=HTMX).text
    assert "jira_issue" in fragment
    assert "No run is like that" not in fragment


def test_an_issue_links_to_where_the_settings_say(story: Story, runs: dict[str, Any]) -> None:
    template = "https://jira.example.org/browse/{key}"
    assert story.client.patch("/api/settings", json={"jira_url_template": template}).status_code == 200
    for path in ("/runs", f"/projects/{story.project['id']}/runs"):
        assert 'href="https://jira.example.org/browse/SHOP-7"' in story.client.get(path).text


def test_counts_above_the_stream_narrow_it_and_keep_the_other_filters(story: Story, runs: dict[str, Any]) -> None:
    text = html.unescape(story.client.get("/runs?line=main").text)
    assert 'href="/runs?line=main&status=queued%2Cexecuting"' in text
    assert 'href="/runs?line=main&jira_issue=SHOP-7"' in text
    narrowed = html.unescape(story.client.get("/runs?jira_issue=SHOP-7").text)
    assert shown(narrowed) == [runs["nightly"]["id"]]
    assert re.search(r'class="issue" href="/runs" aria-current="true"', narrowed)
    counts = re.findall(r'count-label">(\w+)</span>\s*<span class="count-number">(\d+)', narrowed)
    assert counts == [("Active", "2"), ("Failed", "0"), ("Changed", "0")]


def test_without_runs_nothing_is_counted(story: Story) -> None:
    assert "run-tally" not in story.client.get("/runs").text


def test_a_run_is_started_from_the_stream(client: TestClient, scene: Scene) -> None:
    assert "There is no batch yet" in client.get("/runs/new").text
    world = World(scene.store, Clock())
    batch = world.batch()
    assert 'hx-get="/runs/new"' in client.get("/runs").text
    asked = client.get("/runs/new").text
    assert f'<option value="{batch.id}">{batch.name}</option>' in asked
    assert '<optgroup label="Shop">' in asked
    assert 'value="baseline_recording" checked' in client.get("/runs/new", params={"batch": batch.id}).text
    world.record(batch)
    assert 'value="comparison" checked' in client.get("/runs/new", params={"batch": batch.id}).text
    assert client.get("/runs/new", params={"batch": "unknown"}).status_code == 404
