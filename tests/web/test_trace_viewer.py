"""The trace viewer's origin: links that open one trace for a few minutes, and nothing else."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from scene.errors import Refused
from scene.parts import vault_of
from scene.server import create_app
from scene.services.trace_links import TraceLinks
from scene.vault import Vault
from scene.web.trace_viewer import create_viewer
from scene.web.traces import TraceViewer
from tests.support.describe import QUICK, Story
from tests.support.site import Site

pytestmark = pytest.mark.live


@pytest.fixture
def viewer(scene: Scene) -> Iterator[TestClient]:
    """A browser at the second origin."""
    with TestClient(create_viewer(scene.services, scene.settings), base_url="http://127.0.0.1:8001") as viewer:
        yield viewer


def at(scene: Scene, viewer: TraceViewer, base_url: str = "http://127.0.0.1:8000") -> TestClient:
    settings = scene.settings.model_copy(update={"allowed_hosts": ["127.0.0.1", "scene.example.org"]})
    return TestClient(create_app(scene.services, settings, viewer), base_url=base_url, follow_redirects=False)


@pytest.fixture
def trace(story: Story, site: Site) -> dict[str, Any]:
    """One that was recorded, as an artifact."""
    run = story.compare(story.batch(story.task(capture=QUICK | {"trace": "always"})))
    (execution,) = story.executions(run)
    artifacts = story.get(f"/api/executions/{execution['id']}")["artifacts"]
    return next(file for file in artifacts if file["type"] == "trace")


def followed(scene: Scene, trace: dict[str, Any]) -> str:
    """The path of the trace at the second origin."""
    answer = at(scene, TraceViewer(None, 8001)).get(f"/traces/{trace['id']}")
    assert answer.status_code == 303
    found = urlsplit(answer.headers["location"])
    assert (found.netloc, found.path) == ("127.0.0.1:8001", "/viewer/")
    return parse_qs(found.query)["trace"][0]


def test_a_link_opens_viewer_and_trace(scene: Scene, viewer: TestClient, trace: dict[str, Any]) -> None:
    path = followed(scene, trace)
    assert "Playwright Trace Viewer" in viewer.get("/viewer/", params={"trace": path}).text
    whole = viewer.get(path)
    assert whole.headers["content-type"] == "application/zip"
    assert "trace.trace" in zipfile.ZipFile(io.BytesIO(whole.content)).namelist()


def test_every_answer_is_closed_and_sets_no_cookie(scene: Scene, viewer: TestClient, trace: dict[str, Any]) -> None:
    path = followed(scene, trace)
    for address in (f"/viewer/?trace={path}", path, "/viewer/sw.bundle.js", "/traces/none/trace.zip", "/none"):
        headers = viewer.get(address).headers
        assert "set-cookie" not in headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert re.match("default-src 'none'; script-src 'self' 'sha256-[^']+'; ", policy)
        assert "connect-src 'self';" in policy


def test_a_changed_link_opens_nothing(scene: Scene, viewer: TestClient, trace: dict[str, Any]) -> None:
    path = followed(scene, trace)
    link = path.split("/")[2]
    middle = len(link) // 2
    changed = path.replace(link, f"{link[:middle]}{'A' if link[middle] != 'A' else 'B'}{link[middle + 1 :]}")
    for tampered in (
        changed,
        path.replace(".", "", 1),
        f"/traces/{trace['id']}/trace.zip",
        "/traces/a.\u00e9/trace.zip",
    ):
        refused = viewer.get(tampered)
        assert (refused.status_code, refused.json()["code"]) == (403, "refused"), tampered
        assert viewer.get("/viewer/", params={"trace": tampered}).status_code == 403


def test_a_link_ends_after_ten_minutes(scene: Scene, trace: dict[str, Any], tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    vault = Vault(tmp_path / "secret.key")
    artifact = scene.services.history.artifact(trace["id"])
    link = TraceLinks(vault, lambda: now).to(artifact)
    assert TraceLinks(vault, lambda: now + timedelta(minutes=9, seconds=59)).artifact_id(link) == artifact.id
    with pytest.raises(Refused, match=r"has expired: .* Open the trace again"):
        TraceLinks(vault, lambda: now + timedelta(minutes=10)).artifact_id(link)


def test_an_expired_link_is_refused_in_words(scene: Scene, viewer: TestClient, trace: dict[str, Any]) -> None:
    early = TraceLinks(vault_of(scene.settings), lambda: datetime.now(UTC) - timedelta(minutes=11))
    path = f"/traces/{early.to(scene.services.history.artifact(trace['id']))}/{trace['name']}"
    assert viewer.get(path).status_code == 403
    page = viewer.get("/viewer/", params={"trace": path}, headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "has expired" in page.text


def test_what_else_is_sealed_is_no_link(scene: Scene, viewer: TestClient, trace: dict[str, Any]) -> None:
    for content in (b"{}", b"trace", f"auth {trace['id']} 99999999999".encode(), b"\xff"):
        sealed, key_id = vault_of(scene.settings).seal(content)
        assert viewer.get(f"/traces/{key_id}.{sealed}/trace.zip").status_code == 403, content


def test_only_the_trace_itself_is_behind_a_link(
    scene: Scene, viewer: TestClient, story: Story, trace: dict[str, Any]
) -> None:
    path = followed(scene, trace)
    for wrong in (f"{path}x", path.replace("trace.zip", "..%2fsecret.key"), "/api/projects", "/artifacts/x/y", "/"):
        assert viewer.get(wrong).status_code == 404, wrong
    assert viewer.get("/viewer/", params={"trace": "https://example.org/trace.zip"}).status_code == 404
    assert viewer.get("/viewer/").status_code == 422
    shot = story.get(f"/api/executions/{trace['execution_id']}/screenshots")[0]
    picture = scene.services.history.artifact(shot["picture"]["image"]["id"])
    assert viewer.get(f"/traces/{scene.services.trace_links.to(picture)}/{picture.name}").status_code == 404


@pytest.mark.parametrize("path", ["..%2f..%2f..%2fpackage.json", "..%5cpackage.json", "%2fetc%2fpasswd", "none.js"])
def test_nothing_beside_the_viewer_is_served(viewer: TestClient, path: str) -> None:
    assert viewer.get(f"/viewer/{path}").status_code == 404


def test_unknown_hosts_are_refused_there_too(viewer: TestClient) -> None:
    assert viewer.get("/viewer/sw.bundle.js", headers={"Host": "evil.example.org"}).status_code == 421


def test_what_is_no_trace_is_not_opened(scene: Scene, story: Story, trace: dict[str, Any]) -> None:
    shot = story.get(f"/api/executions/{trace['execution_id']}/screenshots")[0]
    opened = at(scene, TraceViewer(None, 8001)).get(f"/traces/{shot['picture']['image']['id']}")
    assert opened.status_code == 404


@pytest.mark.parametrize(
    ("viewer", "address", "why"),
    [
        (TraceViewer(None, None), "http://127.0.0.1:8000", "serves no trace viewer"),
        (TraceViewer(None, 8001), "http://scene.example.org:8000", "only over HTTPS or on localhost"),
        (TraceViewer(None, 8001), "https://scene.example.org", "SCENE_TRACE_URL does not say"),
        (TraceViewer("http://traces.example.org", 8001), "http://127.0.0.1:8000", "only over HTTPS or on localhost"),
    ],
)
def test_without_a_way_to_the_viewer_the_download_is_offered(
    scene: Scene, trace: dict[str, Any], viewer: TraceViewer, address: str, why: str
) -> None:
    browser = at(scene, viewer, address)
    page = browser.get(f"/executions/{trace['execution_id']}").text
    assert f"/traces/{trace['id']}" not in page
    assert why in page
    assert "playwright show-trace trace.zip" in page
    refused = browser.get(f"/traces/{trace['id']}")
    assert refused.status_code == 409
    assert why in refused.json()["detail"]


def test_behind_a_proxy_the_address_of_the_settings_counts(scene: Scene, trace: dict[str, Any]) -> None:
    browser = at(scene, TraceViewer("https://traces.example.org", 8001), "https://scene.example.org")
    assert f"/traces/{trace['id']}" in browser.get(f"/executions/{trace['execution_id']}").text
    answer = browser.get(f"/traces/{trace['id']}")
    assert answer.headers["location"].startswith("https://traces.example.org/viewer/?trace=%2Ftraces%2F")
