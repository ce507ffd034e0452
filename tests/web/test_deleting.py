"""Deleting asks, and counts what goes along."""

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.support.things import things


@pytest.fixture
def ids(scene: Scene) -> dict[str, str]:
    return things(scene)


@pytest.mark.parametrize(
    ("noun", "plural", "told"),
    [
        (
            "project",
            "projects",
            "1 page, 1 task, 1 batch, 1 schedule, 2 runs, 1 baseline, 1 quarantine and 1 auth profile",
        ),
        ("batch", "batches", "2 runs, 1 baseline and 1 schedule, and every picture of theirs. Its 1 task"),
        ("page", "pages", "it is used by 1 task: delete them first"),
        ("task", "tasks", "It is taken out of 1 batch. Deleted with it: 1 quarantine."),
        ("run", "runs", "Deleted with it: 2 executions"),
    ],
)
def test_each_counts_what_goes_along(
    client: TestClient, ids: dict[str, str], noun: str, plural: str, told: str
) -> None:
    asked = client.get(f"/{plural}/{ids[noun]}/delete").text
    assert told in asked
    assert "This cannot be undone" in asked


def test_a_page_that_is_used_stays_and_says_by_what(client: TestClient, ids: dict[str, str]) -> None:
    answer = client.post(f"/pages/{ids['page']}/delete")
    assert (answer.status_code, "is used by the tasks" in answer.text) == (422, True)


def test_a_run_is_deleted_and_its_baseline_stays(client: TestClient, scene: Scene, ids: dict[str, str]) -> None:
    recorded = scene.store.baselines.get(ids["baseline"]).run_id
    assert "Its 1 baseline stays" in client.get(f"/runs/{recorded}/delete").text
    assert client.post(f"/runs/{ids['run']}/delete").status_code == 204
    assert client.get(f"/api/runs/{ids['run']}").status_code == 404
    assert client.get(f"/api/baselines/{ids['baseline']}").status_code == 200


def test_an_active_run_is_not_deleted(client: TestClient, scene: Scene, ids: dict[str, str]) -> None:
    active = client.post("/api/runs", json={"batch_id": ids["batch"], "purpose": "comparison"}).json()
    refused = client.post(f"/runs/{active['id']}/delete")
    assert (refused.status_code, "is active; wait until it has ended, or stop it" in refused.text) == (422, True)


def test_a_pin_is_chosen_from_a_list(client: TestClient, ids: dict[str, str]) -> None:
    form = client.get(f"/batches/{ids['batch']}/edit").text
    assert f'<option value="{ids["baseline"]}"' in form
    fields = {"name": "smoke", "baseline_policy.use": "pinned", "baseline_policy.baseline_id": ids["baseline"]}
    assert client.post(f"/batches/{ids['batch']}", data=fields).status_code == 204
    assert f'value="{ids["baseline"]}" selected' in client.get(f"/batches/{ids['batch']}/edit").text
    assert "The one that the batch pins" in client.get(f"/batches/{ids['batch']}/run").text
    missing = client.post(f"/batches/{ids['batch']}", data=fields | {"baseline_policy.baseline_id": ""})
    assert (missing.status_code, "baseline_id is given with the use pinned" in missing.text) == (422, True)
