"""People come in with a password, stay, and leave."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.domain.access import Scope, TokenDraft, User, UserDraft
from scene.errors import SetupError
from scene.server import create_app
from scene.store.values import SliceRequest
from tests.security.conftest import OPERATOR, ORIGIN, PASSWORD, MakeClient

GOOD = {"name": "ann", "password": PASSWORD}


def noted(scene: Scene) -> list[str]:
    """What the audit log says, newest first."""
    return [entry.action for entry in scene.store.records.audit(SliceRequest(limit=100)).items]


def test_without_credentials_this_machine_may_do_everything(make_client: MakeClient) -> None:
    assert make_client().get("/api/me").json() == {
        "type": "anonymous",
        "name": "local",
        "scope": "admin",
        "means": "open",
    }


def test_the_first_person_closes_a_running_server(scene: Scene, make_client: MakeClient) -> None:
    client = make_client()
    assert client.get("/api/projects").status_code == 200
    scene.services.users.add(UserDraft(name="ann"), PASSWORD, OPERATOR)
    assert client.get("/api/projects").status_code == 401


def test_other_addresses_are_served_once_somebody_can_sign_in(scene: Scene) -> None:
    everywhere = scene.settings.model_copy(update={"host": "0.0.0.0"})
    with pytest.raises(SetupError, match="SCENE_HOST"):
        create_app(scene.services, everywhere)
    scene.services.users.add(UserDraft(name="ann"), PASSWORD, OPERATOR)
    create_app(scene.services, everywhere)


def test_a_person_comes_in_and_is_who_she_is(browser_of_ann: TestClient) -> None:
    assert browser_of_ann.get("/api/me").json() == {
        "type": "user",
        "name": "ann",
        "scope": "admin",
        "means": "password",
    }
    made = browser_of_ann.post("/api/projects", json={"name": "Shop", "slug": "shop"})
    assert made.status_code == 201
    assert "Sign out" in browser_of_ann.get("/projects").text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(stranger: TestClient) -> None:
    cookie = stranger.post("/sign-in", data=GOOD, headers=ORIGIN).headers["set-cookie"]
    assert cookie.startswith("scene_session=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie


def test_with_https_it_is_secure_and_of_this_host_alone(ann: User, make_client: MakeClient) -> None:
    client = make_client(public_url="https://scene.example.org", headers={"Host": "scene.example.org"})
    origin = {"Origin": "https://scene.example.org"}
    cookie = client.post("/sign-in", data=GOOD, headers=origin).headers["set-cookie"]
    assert cookie.startswith("__Host-scene_session=")
    assert "Secure" in cookie


@pytest.mark.parametrize("sent", [{"name": "ann", "password": "wrong"}, {"name": "bob", "password": PASSWORD}, {}])
def test_nobody_is_told_what_was_wrong(scene: Scene, stranger: TestClient, sent: dict[str, str]) -> None:
    answer = stranger.post("/sign-in", data=sent)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert "set-cookie" not in answer.headers
    assert noted(scene)[0] == "session.refused"


def test_a_password_typed_as_a_name_is_not_written_down(scene: Scene, stranger: TestClient) -> None:
    stranger.post("/sign-in", data={"name": PASSWORD, "password": "ann"})
    assert PASSWORD not in str(scene.store.records.audit(SliceRequest(limit=100)).items)


def test_tries_for_one_name_are_limited_from_wherever_they_come(
    ann: User, make_client: MakeClient, scene: Scene
) -> None:
    for number in range(10):
        assert make_client(peer=f"198.51.100.{number}").post("/sign-in", data={"name": "ann"}).status_code == 401
    refused = make_client().post("/sign-in", data=GOOD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert noted(scene)[0] == "session.throttled"


def test_tries_from_one_network_are_limited_whatever_the_name(ann: User, make_client: MakeClient) -> None:
    for number in range(50):
        sent = make_client(peer=f"2001:db8::{number:x}").post("/sign-in", data={"name": f"guess{number}"})
        assert sent.status_code == 401
    assert make_client(peer="2001:db8::ffff").post("/sign-in", data=GOOD).status_code == 429
    assert make_client(peer="2001:db8:0:1::1").post("/sign-in", data=GOOD).status_code == 303


def test_good_sign_ins_use_up_no_tries(stranger: TestClient) -> None:
    for _ in range(15):
        assert stranger.post("/sign-in", data=GOOD, headers=ORIGIN).status_code == 303
        stranger.cookies.clear()


def test_who_signs_out_is_out_even_with_the_old_cookie(browser_of_ann: TestClient) -> None:
    kept = dict(browser_of_ann.cookies)
    assert browser_of_ann.post("/sign-out").headers["location"] == "/sign-in"
    browser_of_ann.cookies.update(kept)
    assert browser_of_ann.get("/api/me").status_code == 401


def test_a_session_ends_by_itself(make_client: MakeClient, scene: Scene, ann: User, make_scene: object) -> None:
    opened = scene.services.sessions.sign_in("ann", PASSWORD, None, None)
    client = make_client()
    client.cookies.set("scene_session", opened.secret)
    assert client.get("/api/me").status_code == 200
    assert (opened.session.expires_at - opened.session.created_at).total_seconds() == pytest.approx(168 * 3600, abs=5)


def test_a_change_in_a_session_must_say_where_it_comes_from(browser_of_ann: TestClient) -> None:
    del browser_of_ann.headers["Origin"]
    silent = browser_of_ann.post("/api/projects", json={"name": "Shop", "slug": "shop"})
    assert (silent.status_code, silent.json()["code"]) == (403, "refused")
    own = browser_of_ann.post("/api/projects", json={"name": "Shop", "slug": "shop"}, headers=ORIGIN)
    assert own.status_code == 201


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/runs?status=failed", "/runs?status=failed"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/runs\r\nSet-Cookie: a=b", "/"),
        ("/sign-in?next=/sign-in", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_alone(stranger: TestClient, wanted: str, leads_to: str) -> None:
    answer = stranger.post("/sign-in", data={**GOOD, "next": wanted}, headers=ORIGIN)
    assert answer.headers["location"] == leads_to
    assert answer.headers.get_list("set-cookie")[0].startswith("scene_session=")


def test_a_page_leads_to_the_sign_in_and_back(stranger: TestClient) -> None:
    answer = stranger.get("/runs?status=failed", headers={"Accept": "text/html"})
    assert answer.headers["location"] == "/sign-in?next=%2Fruns%3Fstatus%3Dfailed"
    part = stranger.get("/runs", headers={"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1:8000/runs?line=x"})
    assert part.headers["hx-redirect"] == "/sign-in?next=%2Fruns%3Fline%3Dx"


def test_who_may_no_longer_come_in_is_out_at_once(
    scene: Scene, ann: User, make_client: MakeClient, browser_of_ann: TestClient
) -> None:
    bob = scene.services.users.add(UserDraft(name="bob"), PASSWORD, OPERATOR)
    client = make_client(headers=ORIGIN)
    client.post("/sign-in", data={"name": "bob", "password": PASSWORD})
    token = scene.services.tokens.create(TokenDraft(name="bobs"), bob, OPERATOR)
    program = make_client(token=token.secret)
    assert client.get("/api/me").status_code == program.get("/api/me").status_code == 200
    assert browser_of_ann.patch(f"/api/users/{bob.id}", json={"enabled": False}).status_code == 200
    assert client.get("/api/me").status_code == program.get("/api/me").status_code == 401
    assert client.post("/sign-in", data={"name": "bob", "password": PASSWORD}).status_code == 401


def test_a_role_counts_from_the_next_request_on(scene: Scene, ann: User, make_client: MakeClient) -> None:
    bob = scene.services.users.add(UserDraft(name="bob", role=Scope.WRITE), PASSWORD, OPERATOR)
    client = make_client(headers=ORIGIN)
    client.post("/sign-in", data={"name": "bob", "password": PASSWORD})
    assert client.post("/api/projects", json={"name": "A", "slug": "a"}).status_code == 201
    scene.services.users.update(bob.id, {"role": "read"}, None, OPERATOR)
    refused = client.post("/api/projects", json={"name": "B", "slug": "b"})
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")
    assert noted(scene)[0] == "access.refused"


def test_only_administrators_say_who_may_come_in(scene: Scene, ann: User, make_client: MakeClient) -> None:
    scene.services.users.add(UserDraft(name="bob", role=Scope.WRITE), PASSWORD, OPERATOR)
    client = make_client(headers=ORIGIN)
    client.post("/sign-in", data={"name": "bob", "password": PASSWORD})
    for path in ("/users", "/api/users", f"/api/users/{ann.id}"):
        assert client.get(path).status_code == 403, path
    assert client.post("/api/users", json={"name": "eve"}).status_code == 403


def test_the_last_administrator_stays_one(browser_of_ann: TestClient, ann: User) -> None:
    refused = browser_of_ann.patch(f"/api/users/{ann.id}", json={"role": "write"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "only administrator" in refused.json()["detail"]


def test_a_new_password_ends_the_other_sessions(
    browser_of_ann: TestClient, make_client: MakeClient, make_token: Callable[[str], str]
) -> None:
    elsewhere = make_client(headers=ORIGIN)
    elsewhere.post("/sign-in", data=GOOD)
    new = "another horse battery"
    sent = browser_of_ann.post("/account/password", data={"current": PASSWORD, "password": new, "again": new})
    assert sent.status_code == 204
    assert browser_of_ann.get("/api/me").status_code == 200
    assert elsewhere.get("/api/me").status_code == 401
    assert elsewhere.post("/sign-in", data=GOOD).status_code == 401
    assert elsewhere.post("/sign-in", data={"name": "ann", "password": new}).status_code == 303


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (
            {"current": "wrong", "password": "another horse battery", "again": "another horse battery"},
            "not your password",
        ),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "at least 12"),
        ({"current": PASSWORD, "password": "aaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaa"}, "a few characters"),
        ({"current": PASSWORD, "password": "ann and her horse", "again": "ann and her horse"}, "the sign-in name"),
        ({"current": PASSWORD, "password": "another horse battery", "again": "another"}, "not the same"),
    ],
)
def test_a_bad_new_password_is_said_beside_its_field(
    browser_of_ann: TestClient, sent: dict[str, str], said: str
) -> None:
    answer = browser_of_ann.post("/account/password", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert sent["password"] not in answer.text


FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("headers", "body", "status", "says"),
    [
        ({}, b"name=ann&password=" + b"x" * 3_000, 422, "The name or the password is too long."),
        ({}, b"name=ann&password=" + b"x" * 2_000_000, 413, "a request body has at most 2,000,000 bytes"),
        ({}, b"&".join(b"a%d=1" % number for number in range(5_000)), 422, "is not a form that can be read"),
        ({"Content-Type": "multipart/form-data"}, b"nothing of it", 422, "is not a form that can be read"),
        ({}, b"name=\xff&password=%ff", 401, "The name or the password is wrong."),
    ],
)
def test_a_form_that_cannot_be_taken_is_answered_with_a_page(
    stranger: TestClient, headers: dict[str, str], body: bytes, status: int, says: str
) -> None:
    answer = stranger.post("/sign-in", content=body, headers=ORIGIN | FORM | headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert says in answer.text
    assert "JSON" not in answer.text


def test_a_program_is_told_of_json(stranger: TestClient) -> None:
    answer = stranger.post("/sign-in", content=b"x" * 2_000_001, headers=ORIGIN)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_where_one_is_signed_in_is_said_in_words(ann: User, make_client: MakeClient) -> None:
    said = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client = make_client(headers={**ORIGIN, "user-agent": said})
    client.post("/sign-in", data={"name": "ann", "password": PASSWORD})
    assert f'<div title="{said}">Firefox on Linux</div>' in client.get("/account").text


def test_a_change_with_a_bad_password_changes_nothing(scene: Scene, browser_of_ann: TestClient) -> None:
    bob = scene.services.users.add(UserDraft(name="bob", role=Scope.READ), PASSWORD, OPERATOR)
    refused = browser_of_ann.patch(f"/api/users/{bob.id}", json={"role": "admin", "password": "bob bob bob"})
    assert [error["field"] for error in refused.json()["errors"]] == ["password"]
    form = {"role": "admin", "enabled": "perhaps", "password": "bob and his horse", "version": str(bob.version)}
    shown = browser_of_ann.post(f"/users/{bob.id}", data=form)
    assert shown.status_code == 422
    assert ["not contain the sign-in name" in shown.text, "true or false" in shown.text] == [True, True]
    assert scene.services.users.get(bob.id) == bob


def test_a_role_and_a_password_are_changed_together(
    scene: Scene, browser_of_ann: TestClient, make_client: MakeClient
) -> None:
    bob = scene.services.users.add(UserDraft(name="bob", role=Scope.READ), PASSWORD, OPERATOR)
    elsewhere = make_client(headers=ORIGIN)
    elsewhere.post("/sign-in", data={"name": "bob", "password": PASSWORD})
    new = "another horse battery"
    changed = browser_of_ann.patch(f"/api/users/{bob.id}", json={"role": "write", "password": new}).json()
    assert (changed["role"], changed["version"]) == ("write", bob.version + 1)
    assert elsewhere.get("/api/me").status_code == 401
    assert elsewhere.post("/sign-in", data={"name": "bob", "password": new}).status_code == 303


def test_everything_that_is_wrong_with_a_new_person_is_said_at_once(browser_of_ann: TestClient) -> None:
    shown = browser_of_ann.post("/users", data={"name": "Bob Bob", "role": "king", "password": "short"})
    assert shown.status_code == 422
    for said in ("at least 12", "letters", "&#39;admin&#39;"):
        assert said in shown.text
    assert "short" not in shown.text
