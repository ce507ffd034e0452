"""Programs come in with tokens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import User
from scene.domain.model import utc_now
from tests.security.conftest import MakeClient

PROJECT = {"name": "Shop", "slug": "shop"}


def test_a_person_makes_one_and_its_secret_is_shown_once(browser_of_ann: TestClient, make_client: MakeClient) -> None:
    made = browser_of_ann.post("/api/tokens", json={"name": "ci", "scope": "write"})
    assert made.status_code == 201
    program = make_client(token=made.json()["secret"])
    assert program.get("/api/me").json() == {"type": "token", "name": "ci", "scope": "write", "means": "token"}
    assert program.post("/api/projects", json=PROJECT).status_code == 201
    listed = browser_of_ann.get("/api/tokens").json()["items"]
    assert [token["name"] for token in listed] == ["ci"]
    assert listed[0]["last_used_at"] is not None
    assert made.json()["secret"] not in str(listed)


def test_it_is_stored_as_a_digest(scene: Scene, make_token: Callable[[str], str]) -> None:
    secret = make_token("read")
    stored = (scene.settings.data_dir / "scene.db").read_bytes()
    stored += (scene.settings.data_dir / "scene.db-wal").read_bytes()
    assert b"read token" in stored
    assert secret.encode() not in stored


def test_a_revoked_one_is_refused_from_then_on(
    browser_of_ann: TestClient, make_client: MakeClient, make_token: Callable[[str], str]
) -> None:
    program = make_client(token=make_token("read"))
    assert program.get("/api/me").status_code == 200
    (token,) = browser_of_ann.get("/api/tokens").json()["items"]
    for _ in range(2):
        assert browser_of_ann.delete(f"/api/tokens/{token['id']}").status_code == 200
    refused = program.get("/api/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert refused.headers["www-authenticate"].startswith("Bearer")


def test_one_that_is_over_before_it_begins_is_refused(browser_of_ann: TestClient) -> None:
    yesterday = (utc_now() - timedelta(days=1)).isoformat()
    refused = browser_of_ann.post("/api/tokens", json={"name": "old", "expires_at": yesterday})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "expires_at")


@pytest.mark.parametrize("sent", ["scene_guessed", "", "x" * 5_000, "Ünïcode".encode().decode("latin-1")])
def test_any_other_is_refused_everywhere(ann: User, make_client: MakeClient, sent: str) -> None:
    client = make_client()
    headers = {"Authorization": f"Bearer {sent}".encode("latin-1")}
    assert client.get("/api/projects", headers=headers).status_code == 401


def test_a_bad_one_is_refused_beside_a_good_session(browser_of_ann: TestClient) -> None:
    assert browser_of_ann.get("/api/me", headers={"Authorization": "Bearer scene_guessed"}).status_code == 401
    assert browser_of_ann.get("/api/me", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_a_token_makes_no_tokens_and_no_people(make_client: MakeClient, make_token: Callable[[str], str]) -> None:
    program = make_client(token=make_token("write"))
    assert program.post("/api/tokens", json={"name": "more", "scope": "write"}).status_code == 403
    assert program.get("/api/tokens").status_code == 403
    assert program.post("/api/users", json={"name": "eve"}).status_code == 403
    assert program.get("/account").status_code == 403


def test_two_that_can_be_used_have_two_names(browser_of_ann: TestClient) -> None:
    first = browser_of_ann.post("/api/tokens", json={"name": "ci"}).json()
    again = browser_of_ann.post("/api/tokens", json={"name": "ci"})
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    browser_of_ann.delete(f"/api/tokens/{first['id']}")
    assert browser_of_ann.post("/api/tokens", json={"name": "ci"}).status_code == 201


def test_the_account_page_makes_and_revokes_them(browser_of_ann: TestClient, make_client: MakeClient) -> None:
    form = browser_of_ann.get("/account/tokens/new").text
    assert "Good for" in form
    made = browser_of_ann.post("/account/tokens", data={"name": "ci", "scope": "read", "lifetime": "90"})
    secret = made.text.split('value="scene_')[1].split('"')[0]
    program = make_client(token=f"scene_{secret}")
    assert program.get("/api/me").json()["name"] == "ci"
    page = browser_of_ann.get("/account").text
    token_id = page.split("/account/tokens/")[1:][-1].split("/")[0]
    assert browser_of_ann.post(f"/account/tokens/{token_id}/revoke").status_code == 204
    assert program.get("/api/me").status_code == 401


def test_wrong_fields_of_a_new_one_are_named(browser_of_ann: TestClient) -> None:
    answer = browser_of_ann.post("/account/tokens", data={"name": "ci", "scope": "read", "lifetime": "-1"})
    assert answer.status_code == 422
    assert "Choose how long" in answer.text
    missing = browser_of_ann.post("/api/tokens", json={"scope": "everything"})
    assert {error["field"] for error in missing.json()["errors"]} == {"name", "scope"}
