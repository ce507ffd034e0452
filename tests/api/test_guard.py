"""Closed by default."""

import pytest
from fastapi.testclient import TestClient

from scene.errors import SetupError
from scene.listening import require_loopback

PROJECT = {"name": "Shop", "slug": "shop"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost:8000@evil.example", ""])
def test_an_unknown_host_is_not_answered(client: TestClient, host: str) -> None:
    response = client.get("/api/projects", headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (421, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"])
def test_this_machine_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/projects", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/api/projects", json=PROJECT, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "cross_site")
    assert client.get("/api/projects").json()["items"] == []


def test_a_change_from_our_own_pages_passes(client: TestClient) -> None:
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/projects", json=PROJECT, headers=headers).status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_form_could_send_is_refused(client: TestClient, kind: str) -> None:
    response = client.post("/api/projects", content='{"name": "A", "slug": "a"}', headers={"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    response = client.post("/api/projects", json={**PROJECT, "description": "x" * 2_100_000})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["/runs", "/api/projects", "/nothing", "/static/none.js", "/docs"])
def test_every_answer_is_strict(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_without_credentials_only_loopback_is_served(host: str) -> None:
    with pytest.raises(SetupError, match="SCENE_HOST"):
        require_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_addresses_are_served(host: str) -> None:
    require_loopback(host)
