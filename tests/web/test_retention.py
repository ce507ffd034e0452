"""Retention, as a program and a person handle it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.catalog import Batch
from tests.contract.store.world import Clock, World


@pytest.fixture
def batch(scene: Scene) -> Batch:
    """A recording and two comparisons that are unchanged."""
    clock = Clock()
    clock.follow_the_machine()
    world = World(scene.store, clock)
    batch = world.batch()
    baseline = world.record(batch)
    for _ in range(2):
        _, admitted = world.run(batch, baseline=baseline)
        world.carry_out(admitted)
    return batch


def limited(client: TestClient, batch: Batch, **retention: Any) -> str:
    own = f"/api/projects/{batch.project_id}"
    answer = client.patch(own, json={"retention": retention})
    assert answer.status_code == 200, answer.text
    return own


def test_what_would_go_is_told_and_let_go(client: TestClient, batch: Batch) -> None:
    own = limited(client, batch, runs=1)
    plan = client.get(f"{own}/retention").json()
    assert (plan["runs"], plan["baselines"], plan["policy"]["runs"]) == (2, 0, 1)
    assert [each["because"] for each in plan["going"]] == ["not the newest of its batch"] * 2
    assert client.post(f"{own}/retention/apply").json() == {"runs": 2, "baselines": 0, "stayed": 0}
    assert client.get(f"{own}/retention").json()["going"] == []
    assert len(client.get("/api/runs", params={"batch": batch.id}).json()["items"]) == 1


def test_other_limits_can_be_looked_at_and_change_nothing(client: TestClient, batch: Batch) -> None:
    own = f"/api/projects/{batch.project_id}"
    assert client.get(f"{own}/retention").json()["runs"] == 0
    assert client.get(f"{own}/retention", params={"runs": 2}).json()["runs"] == 1
    assert client.get(f"{own}/retention", params={"runs": 0}).json()["errors"][0]["field"] == "runs"
    answer = client.post(f"{own}/retention/apply")
    assert (answer.status_code, "set its retention first" in answer.json()["detail"]) == (409, True)


def test_a_limit_that_cannot_be_is_told_by_field(client: TestClient, batch: Batch) -> None:
    answer = client.patch(f"/api/projects/{batch.project_id}", json={"retention": {"runs": 0, "weeks": 1}})
    assert {error["field"] for error in answer.json()["errors"]} == {"retention.runs", "retention.weeks"}


def test_it_is_set_in_the_form_of_the_project(client: TestClient, batch: Batch) -> None:
    own = f"/projects/{batch.project_id}"
    fields = {"name": "Shop", "slug": "shop", "retention.runs": "30", "retention.days": ""}
    assert client.post(own, data=fields).status_code == 204
    assert client.get(f"/api{own}").json()["retention"] == {"runs": 30, "baselines": None, "days": None, "max_mb": None}
    assert 'name="retention.runs"' in client.get(f"{own}/edit").text
    assert "The newest 30 runs of each batch; what something needs stays." in client.get(own).text
    answer = client.post(own, data=fields | {"retention.runs": "many"})
    assert (answer.status_code, 'value="many"' in answer.text) == (422, True)


def test_the_dialog_shows_what_goes_and_lets_it_go(client: TestClient, batch: Batch) -> None:
    limited(client, batch, runs=1)
    own = f"/projects/{batch.project_id}/retention"
    dialog = client.get(own).text
    assert "2 runs go, with about" in dialog
    assert "not the newest of its batch" in dialog
    done = client.post(own)
    assert "2 runs were deleted." in done.headers["HX-Trigger"]
    assert "Nothing goes at the moment." in client.get(own).text
    limited(client, batch)
    assert "set its retention first" in client.post(own).headers["HX-Trigger"]
