"""What Prometheus reads."""

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from tests.support.describe import Story
from tests.support.patience import until

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(client: TestClient) -> Samples:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((f"scene_{name}", frozenset(labels.items())), 0.0)


@pytest.mark.live
def test_a_run_is_counted_by_what_came_of_it(story: Story) -> None:
    batch = story.batch()
    before = after = samples(story.client)
    story.record(batch)
    story.compare(batch)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    def counted() -> bool:
        nonlocal after
        after = samples(story.client)
        return grown("attempt_part_seconds_count", part="capture") >= 2

    until(counted)  # a moment after it is stored
    unchanged = {"status": "finished", "verdict": "unchanged", "reason": ""}
    assert grown("runs_ended_total", purpose="comparison", **unchanged) == 1
    assert grown("executions_ended_total", browser="chromium", **unchanged) == 1
    assert grown("attempt_seconds_count", browser="chromium", status="finished") == 2
    assert grown("attempt_part_seconds_count", part="capture") == 2
    assert grown("pictures_total", browser="chromium") == 2
    assert grown("comparisons_total", kind="baseline", verdict="unchanged") == 1
    assert grown("request_seconds_count", method="POST", route="/api/runs", status="201") == 2


@pytest.mark.live
def test_a_run_that_is_compared_again_is_no_further_run(story: Story) -> None:
    batch = story.batch()
    story.record(batch)
    labels = {"purpose": "comparison", "status": "finished", "verdict": "unchanged", "reason": ""}
    earlier = value(samples(story.client), "runs_ended_total", **labels)
    run = story.compare(batch)
    until(lambda: value(samples(story.client), "runs_ended_total", **labels) > earlier)  # a moment after it is stored
    before = samples(story.client)
    answer = story.client.post(f"/api/runs/{run['id']}/compare")
    assert answer.is_success, answer.text
    after = samples(story.client)
    assert value(after, "runs_ended_total", **labels) == value(before, "runs_ended_total", **labels)


@pytest.mark.live
def test_a_failure_is_counted_by_its_reason(story: Story) -> None:
    failed = {"browser": "chromium", "status": "failed", "verdict": "", "reason": "navigation"}
    before = value(samples(story.client), "executions_ended_total", **failed)
    story.record(story.batch(story.task(story.page("http://127.0.0.1:9/"))))
    until(lambda: value(samples(story.client), "executions_ended_total", **failed) > before)


def test_what_waits_is_told_with_its_age(story: Story) -> None:
    story.run(story.batch(story.task(viewports=[{"width": 300, "height": 200}, {"width": 400, "height": 200}])))
    found = samples(story.client)
    assert value(found, "executions_queued", browser="chromium") == 2
    assert value(found, "oldest_queued_seconds", browser="chromium") > 0
    assert value(found, "runs_active") == 1
    assert value(found, "jobs_waiting") == 2


def test_an_id_in_an_address_is_no_label(story: Story) -> None:
    story.get(f"/api/projects/{story.project['id']}")
    story.client.get("/no/such/page")
    text = story.client.get("/metrics").text
    assert 'route="/api/projects/{project_id}"' in text
    assert 'route="none"' in text
    assert story.project["id"] not in text
