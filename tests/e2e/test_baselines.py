"""From an old baseline to a current one, with what differs looked at in between."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

PAGE = "<!doctype html><style>body{{margin:0}} div{{height:80px;background:{}}}</style><div></div>"


@pytest.mark.live
def test_an_old_baseline_is_found_compared_and_made_current(
    page: Page, story: Story, site: Site, complaints: Complaints
) -> None:
    batch = story.batch(story.task(name="Front page"))
    for colour in ("teal", "tomato"):
        site.pages["/"] = PAGE.format(colour)
        story.record(batch)
    page.goto(f"/projects/{story.project['id']}/baselines")
    page.get_by_role("link", name=batch["name"]).first.click()
    expect(page.locator(".lineage-node")).to_have_count(2)
    page.get_by_role("region", name="List of baselines").get_by_role("link", name=re.compile("^Compare")).first.click()
    expect(page.get_by_text("1 replaced")).to_be_visible()
    expect(page.locator(".viewer-stage img")).to_have_count(2)
    expect(page.get_by_role("button", name="After", exact=True)).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Before left, after right", exact=True)).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_role("form", name="New mask")).to_be_hidden()
    page.get_by_role("link", name="Baselines of").click()
    page.get_by_role("region", name="List of baselines").locator("th a").last.click()
    expect(page.get_by_role("button", name="Make current again")).to_be_visible()
    page.wait_for_load_state()  # its buttons do nothing before
    page.get_by_role("button", name="Make current again").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 replaced")
    page.get_by_role("button", name="Make current", exact=True).click()
    expect(page.get_by_text("It is the current baseline of the line main again.")).to_be_visible()
    expect(page.get_by_text("An earlier one made current again")).to_be_visible()
    site.pages["/"] = PAGE.format("teal")
    assert story.compare(batch)["verdict"] == "unchanged"
    assert complaints.console == []
