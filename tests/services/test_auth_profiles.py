"""Pages behind a login, captured: by what a person wrote, and by a login task that signs in once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.server import create_app
from tests.conftest import MakeScene
from tests.support.describe import DESKTOP, Story
from tests.support.members import PASSWORD, SESSION, USER, Members

SECRETS = {"user": USER, "password": PASSWORD}
FORM = [
    {"type": "fill", "selector": "#user", "value": "{{secret:user}}"},
    {"type": "type", "selector": "#password", "value": "{{secret:password}}"},
    {"type": "click", "selector": "#go"},
    {"type": "wait_for_selector", "selector": "text=Your account", "timeout_ms": 3_000},
]
PHONE = {"width": 320, "height": 480}


@pytest.fixture
def members() -> Iterator[Members]:
    with Members() as members:
        yield members


def profile_of(story: Story, **fields: Any) -> dict[str, Any]:
    return story.post(f"/api/projects/{story.project['id']}/auth-profiles", **({"name": "Customer"} | fields))


def behind_login(story: Story, members: Members, url: str = "/account", **fields: Any) -> dict[str, Any]:
    """A batch of one task in two viewports, whose page is opened as who its login task has signed in."""
    page = story.page(f"{members.url}/login")
    profile = profile_of(story, secrets=SECRETS, **fields)
    story.client.patch(f"/api/pages/{page['id']}", json={"auth_profile_id": profile["id"]})
    login = story.task(page, name="Sign in", task_actions=FORM)
    changed = story.client.patch(f"/api/auth-profiles/{profile['id']}", json={"login_task_id": login["id"]})
    assert changed.status_code == 200, changed.text
    account = story.page(f"{members.url}{url}", auth_profile_id=profile["id"])
    return story.batch(story.task(account, viewports=[DESKTOP, PHONE]))


@pytest.mark.live
def test_a_page_behind_credentials_is_captured(story: Story, members: Members) -> None:
    profile = profile_of(story, basic={"username": USER, "password": PASSWORD})
    page = story.page(f"{members.url}/basic", auth_profile_id=profile["id"])
    batch = story.batch(story.task(page))
    assert story.record(batch)["summary"]["finished"] == 1
    assert story.compare(batch)["verdict"] == "unchanged"


@pytest.mark.live
def test_page_headers_come_before_those_of_the_profile(story: Story, members: Members) -> None:
    profile = profile_of(story, headers={"x-key": "profile", "X-Other": "profile"})
    page = story.page(f"{members.url}/header", auth_profile_id=profile["id"], headers={"X-Key": "page"})
    assert story.record(story.batch(story.task(page)))["status"] == "finished"
    sent = members.visits[0][2]
    assert (sent["x-key"], sent["x-other"]) == ("page", "profile")


@pytest.mark.live
def test_a_login_task_signs_in_once_for_all(story: Story, members: Members) -> None:
    batch = behind_login(story, members)
    assert story.record(batch)["summary"]["finished"] == 2
    assert members.logins == 1
    assert story.compare(batch)["verdict"] == "unchanged"
    assert members.logins == 1
    (profile,) = story.get(f"/api/projects/{story.project['id']}/auth-profiles")["items"]
    assert profile["checked_at"] < profile["expires_at"]


@pytest.mark.live
def test_after_a_change_it_signs_in_again(story: Story, members: Members) -> None:
    batch = behind_login(story, members)
    story.record(batch)
    (profile,) = story.get(f"/api/projects/{story.project['id']}/auth-profiles")["items"]
    story.client.patch(f"/api/auth-profiles/{profile['id']}", json={"max_age_seconds": 60})
    story.compare(batch)
    assert members.logins == 2
    moved = story.compare(batch, base_url=members.other_origin, variables={"unused": "x"})
    assert (moved["verdict"], members.logins) == ("unchanged", 2)


@pytest.mark.live
def test_a_login_that_fails_fails_once_and_names_its_step(story: Story, members: Members) -> None:
    members.password = "another one"
    batch = behind_login(story, members)
    run = story.record(batch)
    assert (run["status"], members.logins) == ("failed", 1)
    first, second = story.executions(run)
    said = "The login task 'Sign in' of the auth profile 'Customer' failed. task_actions[3] wait_for_selector"
    assert first["message"].startswith(said)
    assert (first["reason"], first["message"]) == (second["reason"], second["message"]) == ("timeout", first["message"])
    details = [story.get(f"/api/executions/{each['id']}") for each in (first, second)]
    assert ["failure.png" in [file["name"] for file in detail["artifacts"]] for detail in details].count(True) == 1
    members.password = PASSWORD
    assert story.record(batch)["status"] == "finished"


@pytest.mark.live
def test_what_was_written_by_hand_and_is_too_old_is_said(story: Story, members: Members) -> None:
    profile = profile_of(story, cookies=[{"name": "session", "value": SESSION}], expires_at="2026-01-01T00:00:00Z")
    page = story.page(f"{members.url}/account", auth_profile_id=profile["id"])
    (execution,) = story.executions(story.record(story.batch(story.task(page))))
    assert execution["message"].startswith("The auth profile 'Customer' expired at 2026-01-01 00:00 UTC")
    story.client.patch(f"/api/auth-profiles/{profile['id']}", json={"expires_at": None})
    assert story.record(story.batch(story.task(page)))["status"] == "finished"


@pytest.mark.live
def test_a_secret_that_nobody_has_is_named_before_anything_starts(story: Story, members: Members) -> None:
    batch = story.batch(story.task(story.page(f"{members.url}/login"), name="Sign in", task_actions=FORM))
    refused = story.client.post("/api/runs", json={"batch_id": batch["id"], "purpose": "comparison"})
    assert refused.status_code == 422
    assert "the secret 'user', and has no auth profile" in refused.json()["detail"]


def test_without_its_key_the_reason_is_said(make_scene: MakeScene, tmp_path: Path, members: Members) -> None:
    scene = make_scene()
    client = TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000")
    story = Story(client, members.url)
    batch = behind_login(story, members)
    scene.start()
    (tmp_path / "data" / "secret.key").unlink()
    (execution, _) = story.executions(story.record(batch))
    assert execution["reason"] == "storage"
    assert execution["message"].startswith("The auth profile 'Customer' cannot be decrypted by this server.")
    assert "SCENE_SECRET_KEY" in execution["message"]


def test_no_secret_is_in_anything_that_is_kept(
    make_scene: MakeScene, members: Members, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    scene = make_scene(log_level="debug")
    client = TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000")
    story = Story(client, members.url)
    fields = {"headers": {"X-Key": "key-9bf31c7f"}, "basic": {"username": USER, "password": "basic-70efdf2e"}}
    batch = behind_login(story, members, url="/says", **fields)
    scene.start()
    run = story.record(batch)
    assert run["status"] == "finished"
    members.password = "another one"
    (profile,) = story.get(f"/api/projects/{story.project['id']}/auth-profiles")["items"]
    story.client.patch(f"/api/auth-profiles/{profile['id']}", json={"max_age_seconds": 60})
    failed = story.record(batch)
    assert failed["status"] == "failed"
    assert "session=[redacted]" in _console_of(story, run)
    _assert_nowhere(scene, caplog.text + "".join(capfd.readouterr()))


def _console_of(story: Story, run: dict[str, Any]) -> str:
    execution = story.executions(run)[0]
    files = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    (console,) = [file for file in files if file["type"] == "console"]
    return story.client.get(console["url"]).text


def _assert_nowhere(scene: Scene, logged: str) -> None:
    forms = [form.encode() for form in (PASSWORD, "sesame", SESSION, "key-9bf31c7f", "basic-70efdf2e")]
    kept = {str(path): path.read_bytes() for path in Path(scene.settings.data_dir).rglob("*") if path.is_file()}
    assert any(path.endswith("scene.db") for path in kept)
    assert len(kept) > 5
    for name, content in {**kept, "log": logged.encode()}.items():
        assert not [form for form in forms if form in content], name
