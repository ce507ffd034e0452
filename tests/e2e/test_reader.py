"""Who may only read, in a browser: whatever is there to click and to press is answered."""

import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, Request, Response, expect

from scene.bootstrap import Scene
from scene.domain.access import Scope, UserDraft
from scene.domain.records import SYSTEM
from tests.conftest import MakeScene
from tests.support.closed import PASSWORD, start_closed, writer
from tests.support.describe import Story
from tests.support.site import Site

LONGEST_SECONDS = 30
"""In which everything is answered, on a busy machine too."""
SHOWN = "button:visible:not([disabled]):not(.dropdown-item)"


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """Rita may read."""
    scene = start_closed(make_scene())
    scene.services.users.add(UserDraft(name="rita", role=Scope.READ), PASSWORD, SYSTEM)
    return scene


@pytest.fixture
def client(scene: Scene) -> Iterator[TestClient]:
    with writer(scene) as client:
        yield client


@pytest.fixture
def addresses(story: Story, site: Site) -> list[str]:
    """Of every page that there is something to do on for others."""
    batch = story.batch()
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1>"
    run = story.compare(batch)
    (execution,) = story.executions(run)
    hook = {"endpoint_url": "https://hooks.example.org", "event_types": ["run.finished"], "enabled": False}
    hook = story.post("/api/webhooks", **hook)
    baseline = story.client.get("/api/baselines").json()["items"][0]
    tabs = ("overview", "pages", "tasks", "batches", "schedules", "quarantines", "baselines", "runs", "webhooks")
    return [
        "/projects",
        *(f"/projects/{story.project['id']}/{tab}" for tab in tabs),
        "/runs",
        f"/runs/{run['id']}",
        f"/runs/{run['id']}/viewer",
        f"/executions/{execution['id']}",
        f"/batches/{batch['id']}/baselines",
        f"/batches/{batch['id']}/history",
        f"/baselines/{baseline['id']}",
        "/webhooks",
        f"/webhooks/{hook['id']}",
        "/workers",
        "/account",
    ]


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/runs")


def still_asked(page: Page) -> set[Request]:
    """Requests of the document that are not answered yet, kept up to date.

    Of what a document that was left had asked for, the browser does not always tell the end.
    """
    asked: set[Request] = set()

    def begun(request: Request) -> None:
        asked.add(request)

    def ended(request: Request) -> None:
        asked.discard(request)

    def arrived(_: Page) -> None:
        asked.clear()

    page.on("domcontentloaded", arrived)
    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    return asked


def test_how_a_task_is_described_can_be_looked_at(page: Page, story: Story) -> None:
    task = story.task(name="Menu", task_js="open()", task_actions=[{"type": "click", "selector": "#menu"}])
    sign_in(page)
    page.goto(f"/projects/{task['project_id']}/tasks")
    page.get_by_role("button", name="Look at Menu").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Task")
    expect(dialog.locator("#field-name")).to_be_disabled()
    expect(dialog.locator("[id='field-task_actions-0-selector']")).to_have_value("#menu")
    script = dialog.locator(".cm-content").first
    expect(script).to_have_text("open()")
    expect(script).to_have_attribute("contenteditable", "false")
    expect(dialog.locator(".modal-body, .modal-footer").get_by_role("button")).to_have_text(["Close"])


def test_nothing_that_is_shown_or_pressed_is_refused(page: Page, addresses: list[str]) -> None:
    refused: list[str] = []

    def hear(response: Response) -> None:
        if response.status in (401, 403):
            refused.append(f"{response.request.method} {response.url} on {page.url}")

    sign_in(page)
    page.on("response", hear)
    asked = still_asked(page)
    clicked = 0
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        for number in range(page.locator(f"main {SHOWN}").count()):
            page.goto(address)
            page.locator(f"main {SHOWN}").nth(number).click()
            page.keyboard.press("Escape")
            until = time.monotonic() + LONGEST_SECONDS
            while asked:  # who leaves before hears no answer
                assert time.monotonic() < until, [(request.method, request.url) for request in asked]
                page.wait_for_timeout(10)
            clicked += 1
        if page.locator("[data-viewer]").count():
            for key in ("a", "r", "y", "u", "e", "g", "x", "t"):
                page.keyboard.press(key)
    expect(page.get_by_role("button", name="New token")).to_be_visible()
    assert refused == []
    assert clicked > 20
    assert page.get_by_role("link", name="Audit log").count() == 0
