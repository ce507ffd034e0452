"""Nothing is open by accident: every address of the application is tried."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, Route

from scene.api.gate import OWN_ACCOUNT, PUBLIC, PUBLIC_BELOW, SAFE_METHODS
from scene.bootstrap import Scene
from scene.domain.access import User
from scene.server import create_app
from scene.web.trace_viewer import create_viewer
from tests.security.conftest import MakeClient

HTML = {"Accept": "text/html"}


def addresses(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every method and path of a route table, mounted applications and included routers too."""
    for route in routes:
        path = prefix + re.sub(r"\{[^}]*\}", "x", getattr(route, "path", ""))
        if isinstance(route, Mount):
            yield from [("GET", f"{path}/x"), ("POST", f"{path}/x")]
        elif isinstance(route, Route) or hasattr(route, "methods"):
            yield from ((method, path) for method in sorted(route.methods or {"GET"}))
        else:
            inner: Any = route
            yield from addresses(list(inner.original_router.routes), path)


@pytest.fixture
def app(scene: Scene, ann: User) -> FastAPI:
    return create_app(scene.services, scene.settings)


def test_the_walk_sees_every_operation_of_the_document(app: FastAPI) -> None:
    documented = {
        (method.upper(), re.sub(r"\{[^}]*\}", "x", path))
        for path, operations in app.openapi()["paths"].items()
        for method in operations
    }
    walked = set(addresses(app.routes))
    assert documented <= walked
    assert {("GET", "/static/x"), ("GET", "/openapi.json"), ("GET", "/docs"), ("GET", "/runs"), ("GET", "/")} <= walked
    assert len(walked) > 120


def test_without_credentials_nothing_answers(app: FastAPI, stranger: TestClient) -> None:
    opened = []
    for method, path in addresses(app.routes):
        if path in PUBLIC or path.startswith(PUBLIC_BELOW):
            continue
        status = stranger.request(method, path).status_code
        page = stranger.request(method, path, headers=HTML)
        if status != 401 or (method in SAFE_METHODS and page.headers.get("location", "")[:8] != "/sign-in"):
            opened.append((method, path, status, page.status_code))
    assert opened == []


def test_an_address_that_nobody_knows_is_closed_too(stranger: TestClient) -> None:
    for path in (
        "/nothing",
        "/api/nothing",
        "/api/users/../../nothing",
        "/static",
        "/staticx",
        "/sign-in/x",
        "/health/x",
    ):
        assert stranger.get(path).status_code == 401, path


def test_a_token_that_may_read_changes_nothing(
    app: FastAPI, make_client: MakeClient, make_token: Callable[[str], str]
) -> None:
    reader = make_client(token=make_token("read"))
    assert reader.get("/api/projects").status_code == 200
    changed = []
    for method, path in addresses(app.routes):
        if method in SAFE_METHODS or path in PUBLIC or path.startswith(PUBLIC_BELOW):
            continue
        answer = reader.request(method, path, headers={"Content-Type": "application/json"})
        # Signing out ends no token; there is nothing to end.
        if answer.status_code != 403 and path != "/sign-out":
            changed.append((method, path, answer.status_code))
    assert changed == []


def test_what_is_public_is_little_and_said(app: FastAPI, stranger: TestClient) -> None:
    assert stranger.get("/health").json() == {"ok": True} or stranger.get("/health").json() == {"ok": False}
    assert stranger.get("/sign-in").status_code == 200
    assert set(OWN_ACCOUNT) <= {path for _, path in addresses(app.routes)}


def test_an_administrator_is_told_how_scene_is(browser_of_ann: TestClient) -> None:
    assert "database" in browser_of_ann.get("/health").json()


def test_the_second_origin_shows_traces_by_signed_links_alone(scene: Scene, ann: User) -> None:
    with TestClient(create_viewer(scene.services, scene.settings), base_url="http://127.0.0.1:8001") as traces:
        assert traces.get("/traces/guessed/trace.zip").status_code == 403
        assert traces.get("/viewer/?trace=/traces/guessed/trace.zip").status_code == 403
        for path in ("/api/projects", "/runs", "/users", "/artifacts/x/y", "/sign-in"):
            assert traces.get(path).status_code == 404, path
