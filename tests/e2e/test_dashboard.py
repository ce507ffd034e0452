"""The dashboard of a run in a real browser: it fills in while the run executes, and is quiet afterwards."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from scene.bootstrap import Scene
from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site


def test_a_run_fills_in_while_it_is_watched(
    page: Page, story: Story, scene: Scene, site: Site, complaints: Complaints
) -> None:
    site.delays["/"] = 1
    batch = story.batch(*(story.task(name=f"Task number {number}") for number in range(4)))
    run = story.run(batch, "baseline_recording")
    page.goto(f"/runs/{run['id']}")
    expect(page.locator("#count-queued .count-number")).to_have_text("4")
    page.evaluate("window.untouched = true")
    page.evaluate("document.querySelector('.task-groups').untouched = true")
    scene.start()
    expect(page.locator(".task-tiles img").first).to_be_attached(timeout=30_000)
    kept = "!document.querySelector('#run-poll') || document.querySelector('.task-groups').untouched === true"
    assert page.evaluate(kept), "every tile was sent again"
    expect(page.get_by_role("log").get_by_role("listitem").first).to_be_visible()
    expect(page.locator("#run-poll")).to_have_count(0, timeout=30_000)
    expect(page.locator(".task-tiles img")).to_have_count(4)
    expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(8)
    assert page.evaluate("window.untouched"), "the page was loaded anew instead of being updated"
    assert complaints.console == []


@pytest.mark.live
def test_counts_filter_and_stay_in_the_address(page: Page, story: Story, site: Site) -> None:
    site.pages["/other"] = "<!doctype html><h1>Other</h1>"
    batch = story.batch(story.task(name="Front page"), story.task(story.page("/other"), name="Other page"))
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Something else</h1>"
    run = story.compare(batch)
    page.goto(f"/runs/{run['id']}")
    expect(page.get_by_role("heading", level=2)).to_have_text([re.compile("Front page")])
    expect(page.locator("#count-changed")).to_have_attribute("aria-current", "true")
    page.locator("#count-all").click()
    expect(page.get_by_role("heading", level=2)).to_have_text([re.compile("Front page"), re.compile("Other page")])
    expect(page).to_have_url(re.compile(r"\?show=all$"))
    expect(page.locator("#count-all")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    page.go_back()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)


@pytest.mark.live
def test_an_ended_run_is_asked_no_more(page: Page, story: Story) -> None:
    run = story.record(story.batch())
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.clock.install()
    page.goto(f"/runs/{run['id']}")
    page.wait_for_load_state("networkidle")
    page.on("request", note)
    page.clock.run_for(20_000)
    assert asked == []
