"""A reverse proxy signs people in, and says who they are in a header."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.errors import SetupError
from scene.server import create_app
from scene.settings import load_settings
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.security.conftest import ORIGIN, MakeClient

PROXY = {"proxy_user_header": "X-Remote-User", "trusted_proxies": ["10.1.0.0/16"]}
JANE = {"X-Remote-User": "Jane@Example.org"}


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    return make_scene(**PROXY)


def asked(client: TestClient, **headers: str) -> Any:
    return client.get("/api/me", headers=headers)


def test_who_it_names_is_in_and_can_be_changed_later(make_client: MakeClient) -> None:
    behind = make_client(peer="10.1.2.3")
    me = asked(behind, **JANE).json()
    assert me == {"type": "user", "name": "jane@example.org", "scope": "write", "means": "proxy"}
    made = behind.post("/api/projects", json={"name": "A", "slug": "a"}, headers=JANE | ORIGIN)
    assert made.status_code == 201


def test_from_anywhere_else_the_header_is_just_a_header(make_client: MakeClient) -> None:
    for peer in ("10.2.0.1", "127.0.0.1", "2001:db8::1", "::ffff:192.0.2.1"):
        assert asked(make_client(peer=peer), **JANE).status_code == 401, peer
        forged = {"X-Forwarded-For": "10.1.2.3", "Forwarded": "for=10.1.2.3", "X-Real-IP": "10.1.2.3"}
        assert asked(make_client(peer=peer), **JANE, **forged).status_code == 401, peer


def test_a_proxy_that_names_nobody_or_two_lets_nobody_in(make_client: MakeClient) -> None:
    behind = make_client(peer="10.1.2.3")
    assert asked(behind).status_code == 401
    assert asked(behind, **{"X-Remote-User": " "}).status_code == 401
    twice = [("X-Remote-User", "jane"), ("X-Remote-User", "ann")]
    assert behind.get("/api/me", headers=twice).status_code == 401


@pytest.mark.parametrize("name", ["jane doe", "<script>", "a" * 101, "../ann"])
def test_a_name_that_cannot_be_one_is_refused(make_client: MakeClient, name: str) -> None:
    assert asked(make_client(peer="10.1.2.3"), **{"X-Remote-User": name}).status_code == 403


def test_the_address_of_the_person_is_the_one_that_the_proxy_saw(make_client: MakeClient, scene: Scene) -> None:
    behind = make_client(peer="10.1.2.3")
    headers = JANE | ORIGIN | {"X-Forwarded-For": "203.0.113.9"}
    behind.post("/api/projects", json={"name": "A", "slug": "a"}, headers=headers)
    assert scene.store.records.audit(SliceRequest()).items[0].actor.address == "203.0.113.9"


def test_only_people_who_were_added_where_that_is_wanted(make_scene: MakeScene) -> None:
    strict = make_scene(**PROXY, new_user_role="none")
    with TestClient(
        create_app(strict.services, strict.settings), base_url="http://127.0.0.1:8000", client=("10.1.0.1", 1)
    ) as c:
        assert c.get("/api/me", headers=JANE).status_code == 403


def test_whom_it_trusts_must_be_said() -> None:
    with pytest.raises(SetupError, match="SCENE_TRUSTED_PROXIES"):
        load_settings(proxy_user_header="X-Remote-User")
    with pytest.raises(SetupError, match="is not an address or a network"):
        load_settings(trusted_proxies=["everybody"])
