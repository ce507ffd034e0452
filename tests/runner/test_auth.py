"""A page opened as somebody: by credentials, cookies, stored values and headers, and nobody else's."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scene_runner.protocol import Action, Auth, Basic
from tests.runner.conftest import Capture
from tests.support.members import BASIC, PASSWORD, SESSION, TOKEN, USER, Members

CREDENTIALS = Auth(basic=Basic(USER, PASSWORD))
COOKIE = {"name": "session", "value": SESSION}


@pytest.fixture
def members() -> Iterator[Members]:
    with Members() as members:
        yield members


def test_credentials_open_the_page_and_go_to_no_other_origin(capture: Capture, members: Members) -> None:
    captured = capture(f"{members.url}/basic", auth=CREDENTIALS)
    assert captured.result.status == "finished", captured.result.message
    assert BASIC in members.sent("authorization", "/basic")
    assert set(members.sent("authorization", "/elsewhere", "localhost")) == {None}


def test_credentials_go_with_headers_of_ones_own(capture: Capture, members: Members) -> None:
    captured = capture(f"{members.url}/basic", auth=CREDENTIALS, headers={"X-Key": "k"})
    assert captured.result.status == "finished", captured.result.message
    assert members.sent("x-key", "/basic")[-1] == "k"
    assert set(members.sent("x-key", "/elsewhere", "localhost")) == {None}


def test_refused_credentials_are_told_from_missing_ones(capture: Capture, members: Members) -> None:
    result = capture(f"{members.url}/basic", auth=Auth(basic=Basic(USER, "wrong"))).result
    assert result.reason == "status"
    assert result.message.endswith("It refused the credentials of the auth profile.")


def test_the_reference_page_is_opened_as_the_same_person(capture: Capture, members: Members) -> None:
    captured = capture(f"{members.url}/basic", auth=CREDENTIALS, reference_url=f"{members.other_origin}/basic")
    assert captured.result.status == "finished", captured.result.message
    assert BASIC in members.sent("authorization", "/basic", "localhost")


@pytest.mark.parametrize(
    "auth",
    [
        Auth(cookies=[COOKIE]),
        Auth(cookies=[{**COOKIE, "domain": "127.0.0.1", "path": "/", "sameSite": "Lax", "expires": -1}]),
        Auth(storage_state={"cookies": [{**COOKIE, "domain": "127.0.0.1", "path": "/"}], "origins": []}),
    ],
)
def test_a_cookie_opens_the_page_and_goes_nowhere_else(capture: Capture, members: Members, auth: Auth) -> None:
    captured = capture(f"{members.url}/account", auth=auth)
    assert captured.result.final_url == f"{members.url}/account"
    assert members.logins == 0
    captured = capture(f"{members.other_origin}/says", auth=Auth(cookies=[{**COOKIE, "domain": "127.0.0.1"}]))
    assert set(members.sent("cookie", "/says", "localhost")) == {None}


def test_stored_values_are_there_from_the_start(capture: Capture, members: Members) -> None:
    stored = {"origin": members.url, "localStorage": [{"name": "token", "value": TOKEN}]}
    check = "if (who.textContent !== 'Ann') throw new Error(who.textContent)"
    auth = Auth(storage_state={"cookies": [], "origins": [stored]})
    captured = capture(f"{members.url}/stored", auth=auth, task_js=check)
    assert captured.result.status == "finished", captured.result.message


def test_nothing_is_left_for_the_next_job(capture: Capture, members: Members) -> None:
    capture(f"{members.url}/account", auth=Auth(cookies=[COOKIE]))
    assert capture(f"{members.url}/account").result.final_url == f"{members.url}/login"


def test_a_cookie_that_the_browser_refuses_is_no_failure_of_scene(capture: Capture, members: Members) -> None:
    result = capture(f"{members.url}/account", auth=Auth(cookies=[{**COOKIE, "path": "account", "domain": ""}])).result
    assert (result.reason, result.failed_step) == ("navigation", "context")
    assert SESSION not in result.message


def test_what_the_browser_has_stored_is_handed_back_to_its_owner_only(capture: Capture, members: Members) -> None:
    actions = [
        Action("fill", 2_000, arguments={"selector": "#user", "value": USER}),
        Action("fill", 2_000, arguments={"selector": "#password", "value": PASSWORD}),
        Action("click", 2_000, arguments={"selector": "#go"}),
        Action("wait_for_selector", 2_000, arguments={"selector": "h1", "state": "visible"}),
    ]
    captured = capture(
        f"{members.url}/login", targets=[], task_actions=actions, save_storage_state=True, secrets=[PASSWORD]
    )
    assert captured.result.status == "finished", captured.result.message
    assert captured.result.storage_state_file is not None
    file = captured.path(captured.result.storage_state_file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [cookie["value"] for cookie in json.loads(file.read_text())["cookies"]] == [SESSION]
    assert file.name not in [extra.file for extra in captured.result.files]
    file.unlink()
    assert _holding(captured.path("."), PASSWORD) == []
    assert "typed [redacted]" in captured.path("console.jsonl").read_text()


def test_no_secret_is_in_what_a_job_says_or_leaves(capture: Capture, members: Members) -> None:
    auth = Auth(basic=Basic(USER, PASSWORD), cookies=[COOKIE])
    secrets = [SESSION, PASSWORD, "key-9bf31c7f"]
    wait = Action("type", 300, arguments={"selector": "#gone", "value": PASSWORD})
    throw = f"throw new Error('{SESSION}')"
    for body in ({"task_js": throw}, {"task_actions": [wait]}, {"task_js": f"location.hash = '{SESSION}'"}):
        captured = capture(f"{members.url}/says", auth=auth, headers={"X-Key": "key-9bf31c7f"}, secrets=secrets, **body)
        assert captured.result.steps
        assert _holding(captured.path("."), *secrets) == []
        assert not [secret for secret in secrets if secret in json.dumps(captured.events)]
        assert not [secret for secret in secrets if secret in repr(captured.result)]
        assert "session=[redacted]" in captured.path("console.jsonl").read_text()


def _holding(folder: Path, *secrets: str) -> list[str]:
    """Files in which one of the secrets is, as it is or as JSON writes it."""
    forms = {form.encode() for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(form in path.read_bytes() for form in forms)]
