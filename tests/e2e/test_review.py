"""Decide by keyboard, promote, and what two people at once see."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

PAGE = "<!doctype html><style>body{{margin:0}} div{{height:{}px;background:{}}}</style><div></div><p>Between.</p>"
KINDS = {"/a": (80, "tomato"), "/b": (120, "gold"), "/c": (60, "navy")}


def listening(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("group", name="Mode")).to_be_visible()


@pytest.mark.live
def test_a_run_is_reviewed_by_keyboard_and_promoted(
    page: Page, story: Story, site: Site, complaints: Complaints
) -> None:
    """30 executions, 12 of them changed, in 3 kinds: under 30 keys and clicks from the run to the new baseline."""
    viewports = [{"width": width, "height": 300} for width in (300, 340, 380, 420)]
    paths = [*KINDS, "/d", "/e", "/f", "/g"]
    tasks = [story.task(story.page(path), viewports=viewports) for path in paths]
    tasks.append(story.task(story.page("/h"), viewports=viewports[:2]))
    for path in [*paths, "/h"]:
        site.pages[path] = PAGE.format(*(KINDS.get(path, (90, "teal"))[0], "teal"))
    batch = story.batch(*tasks)
    story.wait(story.run(batch, "baseline_recording"), 300)
    for path, look in KINDS.items():
        site.pages[path] = PAGE.format(*look)
    run = story.wait(story.run(batch), 300)
    assert (run["summary"]["total"], run["summary"]["changed"]) == (30, 12)
    listening(page, f"/runs/{run['id']}/viewer")
    for left in range(11, -1, -1):
        with page.expect_response(re.compile("/review$")):
            page.keyboard.press("a")
        expect(page.locator("[data-decision=pending]")).to_have_count(left)
    page.goto(run["url"])
    page.get_by_role("button", name="Promote to baseline").click()
    page.get_by_role("button", name="Promote", exact=True).click()
    expect(page.get_by_text("A new baseline of the line main: 30 pictures.")).to_be_visible()
    again = story.wait(story.run(batch), 300)
    assert (again["verdict"], again["passed"]) == ("unchanged", True)
    assert complaints.console == []


@pytest.mark.live
def test_two_people_review_the_same_run(page: Page, browser: Browser, url: str, story: Story, site: Site) -> None:
    batch = story.batch(story.task(name="First"), story.task(name="Second"))
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    context = browser.new_context(base_url=url)
    other = context.new_page()
    for each in (page, other):
        listening(each, f"/runs/{run['id']}/viewer")
    with page.expect_response(re.compile("/review$")):
        page.keyboard.press("r")
    expect(page.locator("[data-decision=rejected]")).to_have_count(1)
    other.keyboard.press("a")
    expect(other.get_by_text(re.compile("rejected it first"))).to_be_visible()
    expect(other.locator("[data-decision=rejected]")).to_have_count(1)
    assert story.get(f"/api/runs/{run['id']}")["reviews"] == {"pending": 1, "approved": 0, "rejected": 1}
    context.close()


@pytest.mark.live
def test_the_rest_is_approved_on_the_dashboard_and_taken_back(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task(), story.task())
    site.pages["/"] = PAGE.format(80, "teal")
    story.record(batch)
    site.pages["/"] = PAGE.format(80, "tomato")
    run = story.compare(batch)
    page.goto(run["url"])
    panel = page.get_by_role("region", name="Review")
    panel.get_by_role("button", name="Approve the rest").click()
    expect(panel).to_contain_text("0 to decide · 2 approved")
    panel.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("2 to decide · 0 approved")
