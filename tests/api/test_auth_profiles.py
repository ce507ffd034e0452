"""Auth profiles over REST: secrets go in, and never come out."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.server import create_app
from tests.conftest import MakeScene
from tests.support.describe import Story

COOKIE = {"name": "session", "value": "cookie-8f14e45f", "domain": "shop.example", "httpOnly": True}
STATE = {
    "cookies": [COOKIE],
    "origins": [{"origin": "https://shop.example", "localStorage": [{"name": "jwt", "value": "token-45c48cce"}]}],
}
WHOLE = {
    "name": "Customer",
    "basic": {"username": "ann", "password": "password-c9f0f895"},
    "cookies": [{"name": "consent", "value": "cookie-6512bd43"}],
    "storage_state": STATE,
    "headers": {"Authorization": "Bearer header-d3d94468"},
    "secrets": {"pin": "secret-1679091c"},
}
SECRETS = [b"8f14e45f", b"45c48cce", b"c9f0f895", b"6512bd43", b"d3d94468", b"1679091c"]


def create(story: Story, **fields: Any) -> dict[str, Any]:
    path = f"/api/projects/{story.project['id']}/auth-profiles"
    return story.post(path, **({"name": f"Profile {len(story.get(path)['items'])}"} | fields))


def test_what_is_set_is_told_by_name(story: Story) -> None:
    profile = create(story, **WHOLE)
    assert profile["parts"] == {
        "basic": True,
        "cookies": ["consent"],
        "storage_state": {"cookies": ["session"], "origins": ["https://shop.example"]},
        "headers": ["Authorization"],
        "secrets": ["pin"],
    }
    assert story.get(f"/api/auth-profiles/{profile['id']}") == profile
    assert story.get(f"/api/projects/{story.project['id']}/auth-profiles")["items"] == [profile]


def test_no_secret_is_answered_or_stored_as_it_is(story: Story, scene: Scene) -> None:
    path = f"/api/projects/{story.project['id']}/auth-profiles"
    answers = [story.client.post(path, json=WHOLE), story.client.get(path)]
    profile = f"/api/auth-profiles/{answers[0].json()['id']}"
    answers += [story.client.get(profile), story.client.patch(profile, json={"name": "Other"})]
    answers += [story.client.patch(profile, json={"basic": WHOLE["basic"] | {"other": "password-c9f0f895"}})]
    answers += [story.client.put(f"{profile}/storage-state", json=STATE)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 422, 200]
    kept = [path for path in Path(scene.settings.data_dir).rglob("*") if path.is_file()]
    assert any(path.name.startswith("scene.db") for path in kept)
    for content in [answer.content for answer in answers] + [path.read_bytes() for path in kept]:
        assert not [secret for secret in SECRETS if secret in content]


def test_a_change_replaces_one_part_and_keeps_the_others(story: Story, scene: Scene) -> None:
    profile = create(story, **WHOLE)
    path = f"/api/auth-profiles/{profile['id']}"
    changed = story.client.patch(path, json={"secrets": {"code": "1234"}, "basic": None}, headers={"If-Match": '"1"'})
    assert changed.headers["ETag"] == '"2"'
    assert (changed.json()["parts"]["secrets"], changed.json()["parts"]["basic"]) == (["code"], False)
    secrets = scene.services.auth_profiles.secrets(scene.services.auth_profiles.get(profile["id"]))
    assert secrets.secrets == {"code": "1234"}
    assert secrets.headers == WHOLE["headers"]
    late = story.client.patch(path, json={"name": "Late"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")


def test_a_storage_state_is_put_as_playwright_wrote_it(story: Story) -> None:
    profile = create(story)
    stored = story.client.put(f"/api/auth-profiles/{profile['id']}/storage-state", json=STATE)
    assert stored.json()["parts"]["storage_state"]["origins"] == ["https://shop.example"]
    assert stored.json()["version"] == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"basic": {"username": "ann"}}, "basic.password"),
        ({"basic": {"username": "", "password": "x"}}, "basic.username"),
        ({"cookies": [{"name": "a b", "value": "x"}]}, "cookies[0].name"),
        ({"cookies": [{"name": "a", "value": "x;y"}]}, "cookies[0].value"),
        ({"cookies": [{"name": "a", "value": "x", "sameSite": "Sometimes"}]}, "cookies[0].sameSite"),
        ({"storage_state": {"cookies": [{"name": "a", "value": "x"}]}}, "storage_state.cookies[0].domain"),
        ({"storage_state": {"origins": [{"origin": "shop"}]}}, "storage_state.origins[0].origin"),
        ({"headers": {"a b": "x"}}, "headers"),
        ({"secrets": {"a": ""}}, "secrets.a"),
        ({"login_task_id": "gone"}, "login_task_id"),
        ({"max_age_seconds": 0}, "max_age_seconds"),
        ({"expires_at": "2026-01-01T00:00:00"}, "expires_at"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(story: Story, fields: dict[str, Any], field: str) -> None:
    response = story.client.post(
        f"/api/projects/{story.project['id']}/auth-profiles", json={"name": "Customer"} | fields
    )
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]


def test_a_state_comes_in_one_way(story: Story) -> None:
    profile = create(story, login_task_id=story.task()["id"])
    refused = story.client.put(f"/api/auth-profiles/{profile['id']}/storage-state", json=STATE)
    assert refused.status_code == 422
    assert "login_task_id" in refused.json()["detail"]


def test_a_page_keeps_its_profile_and_the_snapshot_names_it(story: Story, scene: Scene) -> None:
    profile = create(story, **WHOLE)
    page = story.page(auth_profile_id=profile["id"])
    refused = story.client.delete(f"/api/auth-profiles/{profile['id']}")
    assert (refused.status_code, page["name"] in refused.json()["detail"]) == (409, True)
    run = story.run(story.batch(story.task(page)))
    (execution,) = story.executions(run)
    work = scene.store.executions.start(execution["id"], 1, "w1", 30)
    assert work.snapshot.auth_profile.model_dump() == {"id": profile["id"], "version": 1}


def test_with_another_key_a_profile_is_written_anew(make_scene: MakeScene, tmp_path: Path) -> None:
    def client_of(scene: Scene) -> TestClient:
        return TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000")

    first = make_scene()
    profile = create(Story(client_of(first), "http://shop.example"), **WHOLE)
    first.close()
    (tmp_path / "data" / "secret.key").unlink()
    client = client_of(make_scene())
    health = client.get("/health").json()
    assert (health["ok"], health["secrets"]["ok"]) == (False, False)
    assert "SCENE_SECRET_KEY" in health["secrets"]["detail"]
    path = f"/api/auth-profiles/{profile['id']}"
    assert client.get(path).json() == profile
    refused = client.patch(path, json={"name": "Other"})
    assert (refused.status_code, refused.json()["code"]) == (409, "secret_unreadable")
    assert "'Customer'" in refused.json()["detail"]
    anew = client.patch(path, json={name: WHOLE[name] for name in profile["parts"]})
    assert anew.status_code == 200
    assert client.get("/health").json()["secrets"]["ok"]
