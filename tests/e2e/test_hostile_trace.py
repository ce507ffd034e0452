"""A trace that no browser recorded: a runner in a page's hands can make any, and somebody opens it."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from scene.bootstrap import Scene
from scene.domain.pictures import ArtifactType
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.support.closed import PASSWORD, start_closed, writer
from tests.support.describe import QUICK, Story
from tests.support.site import Site
from tests.support.stored import stored

ACTS = """
console.log('acted');
const send = (mode, headers) => fetch('SCENE/api/projects', {method: 'POST', credentials: 'include', mode, headers,
  body: JSON.stringify({name: 'Evil', slug: 'evil'})}).then((answer) => answer.text(), String);
const read = () => fetch('SCENE/api/me', {credentials: 'include'}).then((answer) => answer.text(), String);
Promise.all([send('cors', {'Content-Type': 'application/json'}), send('no-cors', {}), read()])
  .then((told) => { top.told = told });
"""
"""Of another origin on the same host, to which a browser sends Scene's cookie."""


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    return start_closed(make_scene())


@pytest.fixture
def client(scene: Scene) -> Iterator[TestClient]:
    with writer(scene) as client:
        yield client


def worse(trace: bytes, script: str) -> bytes:
    """The same trace with a page in it that acts, in every way that a document has."""
    acts = script.replace("\n", " ")
    body = ["BODY", {"onload": acts}, ["H1", {}, "Hostile trace"], ["IMG", {"src": "x", "onerror": acts}]]
    body += [["SCRIPT", {}, acts], ["IFRAME", {"srcdoc": f"<script>{acts}</script>"}], ["SVG", {"onload": acts}]]
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(trace)) as given, zipfile.ZipFile(written, "w") as made:
        for entry in given.namelist():
            content = given.read(entry)
            if entry.endswith(".trace"):
                lines = [json.loads(line) for line in content.splitlines()]
                for line in lines:
                    if line["type"] == "frame-snapshot":
                        line["snapshot"]["html"] = ["HTML", {}, body]
                content = "\n".join(map(json.dumps, lines)).encode()
            made.writestr(entry, content)
        made.writestr("../../../evil.txt", "x")
    return written.getvalue()


def test_a_hostile_trace_reaches_nothing_of_scene(page: Page, url: str, scene: Scene, story: Story, site: Site) -> None:
    (execution,) = story.executions(story.compare(story.batch(story.task(capture=QUICK | {"trace": "always"}))))
    detail = story.client.get(f"/api/executions/{execution['id']}").json()
    (recorded,) = [each for each in detail["artifacts"] if each["type"] == "trace"]
    acts = ACTS.replace("SCENE", url)
    content = worse(story.client.get(recorded["url"]).content, acts)
    trace = stored(scene, "trace.zip", "application/zip", content, ArtifactType.TRACE)
    page.goto("/sign-in")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/runs")
    page.goto(f"/executions/{trace.execution_id}")
    said: list[str] = []
    page.context.on("console", lambda message: said.append(message.text))
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open in the trace viewer").click()
    viewer = popup.value
    viewer.get_by_role("treeitem").filter(has_text="Navigate").first.click(timeout=20_000)
    snapshot = viewer.frame_locator("iframe.snapshot-visible")
    expect(snapshot.get_by_role("heading", name="Hostile trace")).to_be_visible()
    viewer.wait_for_timeout(500)
    assert "acted" not in said, "nothing of it ran"
    # The same, where it does run: it is told nothing, and changes nothing.
    site.pages["/control"] = f"<!doctype html><script>{acts}</script>"
    page.goto(f"{site.url}/control")
    page.wait_for_function("top.told")
    assert "acted" in said
    assert page.evaluate("top.told") == ["TypeError: Failed to fetch"] * 3
    projects = scene.services.projects.newest(SliceRequest()).items
    assert "evil" not in {project.slug for project in projects}
