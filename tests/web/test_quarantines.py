"""Quarantines, as a program and a person handle them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.support.things import things

UNTIL = (datetime.now(UTC) + timedelta(days=7)).replace(microsecond=0)


@pytest.fixture
def ids(scene: Scene) -> dict[str, str]:
    return things(scene)


def made(client: TestClient, ids: dict[str, str], **narrower: Any) -> dict[str, Any]:
    body = {"task_id": ids["task"], "reason": "Ticker", "owner": "ann", "expires_at": UNTIL.isoformat()}
    answer = client.post(f"/api/projects/{ids['project']}/quarantines", json={**body, "target": "full", **narrower})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_over_rest_it_is_put_in_prolonged_and_lifted(client: TestClient, ids: dict[str, str]) -> None:
    own = f"/api/quarantines/{made(client, ids)['id']}"
    assert client.get(own).headers["ETag"] == '"1"'
    later = (UNTIL + timedelta(days=7)).isoformat()
    assert client.patch(own, json={"expires_at": later}, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert client.patch(own, json={"owner": "bob"}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.patch(own, json={"expires_at": "2020-01-01T00:00:00Z"}).json()["errors"][0]["field"] == "expires_at"
    assert len(client.get("/api/quarantines", params={"task": ids["task"]}).json()["items"]) == 2
    assert client.delete(own).status_code == 204
    assert client.get(own).status_code == 404


def test_the_same_twice_is_a_conflict_with_a_code(client: TestClient, ids: dict[str, str]) -> None:
    made(client, ids)
    body = {"task_id": ids["task"], "target": "full", "reason": "r", "owner": "o", "expires_at": UNTIL.isoformat()}
    answer = client.post(f"/api/projects/{ids['project']}/quarantines", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_quarantined")


def test_the_form_begins_with_what_was_looked_at(client: TestClient, ids: dict[str, str]) -> None:
    form = client.get(f"/screenshots/{ids['screenshot']}/quarantine").text
    for chosen in ("full", "chromium", "100x100@1", ids["task"]):
        assert f'value="{chosen}" selected' in form
    of_execution = client.get(f"/executions/{ids['execution']}/quarantine").text
    assert 'value="100x100@1" selected' in of_execution
    assert 'value="full" selected' not in of_execution
    assert ">Full page</option>" in of_execution
    assert f'value="{ids["task"]}" selected' in client.get(f"/tasks/{ids['task']}/quarantine").text


def test_it_is_put_in_by_the_form(client: TestClient, ids: dict[str, str]) -> None:
    fields = {"task_id": ids["task"], "target": "full", "reason": "Ticker", "owner": "ann"}
    below = f"/projects/{ids['project']}/quarantines"
    refused = client.post(below, data=fields | {"expires_at": "2020-01-01T00:00"})
    assert refused.status_code == 422
    assert "must be in the future" in refused.text
    assert ">Ticker<" in refused.text
    until = UNTIL.replace(tzinfo=None).isoformat(timespec="minutes")
    assert client.post(below, data=fields | {"expires_at": until}).status_code == 204
    newest = client.get("/api/quarantines").json()["items"][0]
    assert (newest["target"], newest["browser"], newest["expires_at"][:16]) == ("full", None, until)


def test_its_form_prolongs_it_and_keeps_what_it_is_of(client: TestClient, ids: dict[str, str]) -> None:
    own = f"/quarantines/{made(client, ids, viewport_key='100x100@1')['id']}"
    assert f'value="{UNTIL.replace(tzinfo=None).isoformat()}"' in client.get(f"{own}/edit").text
    fields = {"reason": "Still", "owner": "bob", "expires_at": "2020-01-01T00:00", "version": "1"}
    assert "must be in the future" in client.post(own, data=fields).text
    later = (UNTIL + timedelta(days=1)).replace(tzinfo=None).isoformat()
    assert client.post(own, data=fields | {"expires_at": later}).status_code == 204
    found = client.get(f"/api{own}").json()
    assert (found["owner"], found["viewport_key"], found["version"]) == ("bob", "100x100@1", 2)


def test_the_list_shows_age_end_and_how_often_it_changed(client: TestClient, ids: dict[str, str]) -> None:
    tab = client.get(f"/projects/{ids['project']}/quarantines").text
    assert "Shaky" in tab
    assert "0 of 0" in tab
    assert "0 days" in tab


def test_it_is_lifted_after_a_question(client: TestClient, ids: dict[str, str]) -> None:
    own = f"/quarantines/{made(client, ids)['id']}"
    assert "Lift <strong" in client.get(f"{own}/delete").text
    done = client.post(f"{own}/delete")
    assert (done.status_code, "was lifted" in done.headers["HX-Trigger"]) == (204, True)
    assert client.get(f"/api{own}").status_code == 404


def test_an_empty_list_says_what_it_is_for(client: TestClient, ids: dict[str, str]) -> None:
    client.delete(f"/api/quarantines/{ids['quarantine']}")
    assert "Nothing is in quarantine" in client.get(f"/projects/{ids['project']}/quarantines").text


def test_the_viewer_the_execution_and_the_history_offer_it(client: TestClient, ids: dict[str, str]) -> None:
    for address, form in (
        (f"/runs/{ids['run']}/viewer", f"/screenshots/{ids['screenshot']}/quarantine"),
        (f"/executions/{ids['execution']}", f"/executions/{ids['execution']}/quarantine"),
        (f"/tasks/{ids['task']}/history", f"/tasks/{ids['task']}/quarantine"),
    ):
        assert f'hx-get="{form}"' in client.get(address).text, address
