"""Whatever people type and pages say is text: in a person's browser nothing of it runs, and all of it is shown."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Dialog, Page

from scene.bootstrap import Scene
from scene.domain.access import TokenDraft
from scene.domain.model import utc_now
from scene.domain.records import SYSTEM
from scene.server import create_app
from scene.store.values import SliceRequest
from tests.conftest import MakeScene
from tests.e2e.conftest import Complaints
from tests.support.closed import PASSWORD, start_closed
from tests.support.describe import QUICK, Story
from tests.support.site import Site

HOSTILE = (
    "<img data-xss src=x onerror=alert(1)>\"'><script data-xss>alert(2)</script>{{7*7}}</textarea></title><b data-xss>"
)
"""Whatever it is put into: an element, an attribute, a script, a template."""

INJECTED = """() => [document.querySelectorAll('[data-xss]').length, window.__xss === undefined]"""
FRAGMENTS = """async (addresses) => {
  const found = [];
  for (const address of addresses) {
    const answer = await fetch(address, {headers: {'HX-Request': 'true'}});
    const text = await answer.text();
    const parsed = new DOMParser().parseFromString(text, 'text/html');
    found.push([address, answer.status, parsed.querySelectorAll('[data-xss]').length, text.includes('data-xss')]);
  }
  return found;
}"""


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """At work, and closed: people and tokens have names too."""
    return start_closed(make_scene(outbound_allowed_hosts=["127.0.0.1"]))


@pytest.fixture
def client(scene: Scene) -> Iterator[TestClient]:
    """A program of Ann's, whose name is hostile as well."""
    ann = scene.services.users.newest(SliceRequest(limit=1)).items[0]
    token = scene.services.tokens.create(TokenDraft(name=HOSTILE, scope="write"), ann, SYSTEM)
    app = create_app(scene.services, scene.settings)
    headers = {"Authorization": f"Bearer {token.secret}", "User-Agent": HOSTILE}
    with TestClient(app, base_url="http://127.0.0.1:8000", headers=headers) as client:
        yield client


@pytest.fixture
def described(story: Story, site: Site) -> Story:
    """A project of which every text is hostile, with a run that was compared, commented, and failed in places."""
    page = f"<!doctype html><title>{HOSTILE}</title><p id=p>One</p><script>console.error({HOSTILE!r})</script>"
    site.pages["/"] = page.replace("</script>", "<\\/script>", 1)
    within = f"/api/projects/{story.project['id']}"
    story.client.patch(within, json={"name": HOSTILE, "description": HOSTILE})
    home = story.page(name=HOSTILE, preparatory_js=f"console.warn({HOSTILE!r})", headers={"X-Evil": "<b data-xss>"})
    targets = [{"kind": "full"}, {"kind": "element", "selector": "#p", "name": HOSTILE[:100]}]
    shown = story.task(home, name=HOSTILE, targets=targets, capture=QUICK)
    missing = [{"type": "click", "selector": f"text={HOSTILE}", "timeout_ms": 200}]
    failing = story.task(home, name=f"2 {HOSTILE}", task_actions=missing, capture=QUICK)
    batch = story.batch(shown, failing, name=HOSTILE, description=HOSTILE)
    good = story.batch(shown, name=f"Good {HOSTILE}")
    story.post(f"{within}/schedules", batch_id=batch["id"], name=HOSTILE, cron="0 3 1 1 *")
    story.post(f"{within}/auth-profiles", name=HOSTILE, basic={"username": HOSTILE, "password": "x"})
    week = (utc_now() + timedelta(days=7)).isoformat()
    story.post(f"{within}/quarantines", task_id=failing["id"], reason=HOSTILE, owner=HOSTILE, expires_at=week)
    endpoint = f"{site.url}/hook?x=%3Cb%20data-xss%3E"
    hook = story.post(
        "/api/webhooks",
        project_id=story.project["id"],
        endpoint_url=endpoint,
        event_types=["run.finished"],
        custom_headers={"X-Evil": "<b data-xss>"},
    )
    story.client.post(f"/api/webhooks/{hook['id']}/test")
    story.record(good, note=HOSTILE, labels={"branch": HOSTILE})
    site.pages["/"] = page.replace("One", "Two")
    run = story.compare(good, note=HOSTILE, line="main")
    for shot in story.screenshots(story.executions(run)[0]):
        story.client.post(f"/api/screenshots/{shot['id']}/review", json={"decision": "approved", "comment": HOSTILE})
    story.client.post(f"/api/runs/{run['id']}/promote", json={"notes": HOSTILE})
    story.compare(batch, note=HOSTILE)
    return story


def test_nothing_that_was_typed_or_captured_runs(page: Page, described: Story, complaints: Complaints) -> None:
    dialogs: list[Dialog] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    page.goto("/sign-in")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/runs")
    waiting, seen, fragments, literal = (
        ["/projects", "/runs", "/users", "/account", "/webhooks", "/audit"],
        set(),
        set(),
        0,
    )
    injected: list[Any] = []
    while waiting and len(seen) < 90:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = page.goto(address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status < 500, address
        if page.evaluate(INJECTED) != [0, True]:
            injected.append(address)
        literal += HOSTILE[:30] in (page.locator("body").text_content() or "")
        links, asked = page.evaluate(
            """() => [[...document.querySelectorAll('a[href^="/"]')].map((a) => a.getAttribute('href')),
                      [...document.querySelectorAll('[hx-get]')].map((each) => each.getAttribute('hx-get'))]"""
        )
        waiting += sorted({link.partition("#")[0] for link in links if _new(link, seen)})
        fragments |= {each for each in asked if each.startswith("/")}
    for fragment, status, found, _ in page.evaluate(FRAGMENTS, sorted(fragments)[:150]):
        if found or status >= 500:
            injected.append((fragment, status))
    assert injected == []
    assert dialogs == []
    assert [said for said in complaints.console if "Content Security Policy" in said or "inline" in said] == []
    assert len(seen) > 25
    assert literal > 15
    kinds = {re.sub(r"/[0-9a-f]{32}|/shop-[0-9a-f]+", "/x", each.partition("?")[0]) for each in seen}
    assert {"/projects/x", "/runs/x", "/runs/x/viewer", "/executions/x", "/webhooks/x"} <= kinds, kinds


def _new(link: str, seen: set[str]) -> bool:
    """Of the many filters of one list a few are enough."""
    if link.startswith(("/artifacts/", "/traces/", "/api/", "/docs", "//", "/static/")) or link in seen:
        return False
    path, _, query = link.partition("?")
    return not query or sum(each.partition("?")[0] == path for each in seen) < 3
