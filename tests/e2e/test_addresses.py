"""Every address stands for itself: loaded anew, gone back to and forward to, it shows the same."""

import pytest
from playwright.sync_api import Page, expect

from scene.web.project_views import TABS
from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site


def shown(page: Page) -> tuple[str, str, int]:
    """What tells one page from another."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    return page.title(), page.get_by_role("heading", level=1).first.inner_text(), page.locator("main table").count()


def addresses(story: Story, site: Site) -> list[str]:
    task = story.task(name="Front page")
    batch = story.batch(task)
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Something else</h1>"
    run = story.compare(batch)
    story.client.post(f"/api/runs/{run['id']}/reviews", json={"decision": "approved"})
    promoted = story.post(f"/api/runs/{run['id']}/promote")["id"]
    hook = {"endpoint_url": "https://hooks.example.org", "event_types": ["run.finished"]}
    webhook = story.post("/api/webhooks", project_id=story.project["id"], **hook)["id"]
    return [
        "/projects",
        *(f"/projects/{story.project['id']}/{tab}" for tab in TABS),
        "/runs",
        f"/runs?project={story.project['id']}&verdict=changed",
        f"/runs/{run['id']}",
        f"/runs/{run['id']}?show=all",
        f"/runs/{run['id']}/viewer?mode=slider",
        f"/executions/{story.executions(run)[0]['id']}?mode=diff",
        f"/tasks/{task['id']}/history",
        f"/batches/{batch['id']}/history",
        f"/batches/{batch['id']}/baselines",
        f"/baselines/{promoted}",
        f"/baselines/{promoted}/compare",
        "/webhooks",
        f"/webhooks/{webhook}",
        "/docs",
    ]


@pytest.mark.live
def test_back_forward_and_reload_show_the_same(page: Page, story: Story, site: Site, complaints: Complaints) -> None:
    there = addresses(story, site)
    seen = []
    for address in there:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        seen.append(shown(page))
        page.reload()
        assert shown(page) == seen[-1], f"{address} loaded anew"
    for address, before in reversed([*zip(there, seen, strict=True)][:-1]):
        page.go_back()
        assert shown(page) == before, f"back to {address}"
    for address, before in [*zip(there, seen, strict=True)][1:]:
        page.go_forward()
        assert shown(page) == before, f"forward to {address}"
    assert complaints.console == []
    assert complaints.foreign == []


@pytest.mark.live
def test_tabs_that_were_opened_one_after_the_other_are_gone_back_to(page: Page, story: Story) -> None:
    page.goto(f"/projects/{story.project['id']}")
    for tab in TABS[1:]:
        page.locator(".project-tabs").get_by_role("link", name=tab.capitalize()).click()
        expect(page.locator(".project-tabs [aria-current]")).to_have_text(tab.capitalize())
    for tab in reversed(TABS[:-1]):
        page.go_back()
        expect(page.locator(".project-tabs [aria-current]")).to_have_text(tab.capitalize())
        page.wait_for_load_state()  # it is loaded anew, and hears of the next step only then


@pytest.mark.live
def test_on_a_phone_the_open_tab_is_in_view(page: Page, story: Story) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for tab in TABS:
        page.goto(f"/projects/{story.project['id']}/{tab}")
        expect(page.locator(".project-tabs [aria-current]")).to_be_in_viewport(ratio=0.95)
    page.locator(".project-tabs").get_by_role("link", name="Overview").click()
    expect(page.locator(".project-tabs [aria-current]")).to_have_text("Overview")
    expect(page.locator(".project-tabs [aria-current]")).to_be_in_viewport(ratio=0.95)
