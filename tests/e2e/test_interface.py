"""The interface in a real browser: live while a run executes, quiet afterwards, nothing foreign, nothing refused."""

import re

import pytest
from playwright.sync_api import Page, expect

from scene.bootstrap import Scene
from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site


@pytest.mark.live
def test_a_change_is_found_by_clicking(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task(name="Front page"), name="Nightly")
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Something else</h1>"
    story.compare(batch)
    page.goto("/")
    page.get_by_role("link", name="Shop / Nightly").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison of Nightly")
    page.get_by_role("link", name=re.compile("Front page.*Changed", re.DOTALL)).first.click()
    for name in ("Baseline", "Observed", "Diff", "Heatmap"):
        page.get_by_role("group", name="Mode").get_by_role("button", name=name).click()
        picture = page.get_by_role("img", name=f"{name} picture of Front page")
        expect(picture).to_have_js_property("complete", value=True)
        expect(picture).to_have_js_property("naturalWidth", 640)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison of Nightly")


@pytest.mark.live
def test_the_browser_has_nothing_to_complain_about(page: Page, story: Story, complaints: Complaints) -> None:
    run = story.record(story.batch())
    for path in ("/runs", f"/runs/{run['id']}", f"/executions/{story.executions(run)[0]['id']}", "/docs"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert (complaints.console, complaints.foreign, complaints.failed) == ([], [], [])


def test_the_api_documentation_shows_the_operations(page: Page) -> None:
    page.goto("/docs")
    expect(page.get_by_text("Start a run of a batch")).to_be_visible()


def test_the_theme_is_kept(page: Page) -> None:
    page.goto("/runs")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Dark").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_keyboard_alone_is_enough(page: Page, story: Story, scene: Scene) -> None:
    scene.start()
    run = story.record(story.batch(story.task(name="Front page")))
    page.goto("/runs")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Shop / ")
    for _ in range(10):  # past the filters
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/runs/{run['id']}$"))


@pytest.mark.live
def test_a_phone_needs_no_sideways_scrolling(page: Page, story: Story) -> None:
    run = story.record(story.batch(story.task(name="A task with a rather long name " * 5)))
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/runs", f"/runs/{run['id']}", f"/executions/{story.executions(run)[0]['id']}"):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{path} is {width} px wide"


def test_names_without_a_space_widen_no_phone(page: Page, story: Story) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 5
    story.client.patch(f"/api/projects/{story.project['id']}", json={"name": long})
    batch = story.batch(story.task(story.page(name=long), name=long), name=long, jira_issue="A" * 40 + "-123")
    run = story.run(batch, note=long, labels={"branch": long})
    execution, project = story.executions(run)[0]["id"], f"/projects/{story.project['id']}"
    page.set_viewport_size({"width": 390, "height": 844})
    tabs = [f"{project}/{tab}" for tab in ("overview", "pages", "tasks", "batches")]
    run_pages = [f"/runs/{run['id']}", f"/runs/{run['id']}/viewer", f"/executions/{execution}"]
    for path in ("/runs", "/projects", *tabs, *run_pages, f"/batches/{batch['id']}/history"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
    page.goto(f"{project}/batches")
    expect(page.get_by_role("button", name="Run")).to_be_in_viewport()


def test_filters_are_in_the_address_and_survive_going_back(page: Page, story: Story) -> None:
    for name in ("Nightly", "Smoke"):
        story.run(story.batch(name=name))
    page.goto("/runs")
    page.get_by_label("Text").fill("smo")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/runs\?text=smo$"))
    page.get_by_role("link", name="Shop / Smoke").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison of Smoke")
    page.go_back()
    expect(page.get_by_label("Text")).to_have_value("smo")
    expect(page.get_by_role("rowheader")).to_have_count(1)
