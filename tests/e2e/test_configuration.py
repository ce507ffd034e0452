"""The configuration dialog, by a person."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story


def test_times_change_at_once_and_a_used_viewport_stays(page: Page, story: Story, complaints: Complaints) -> None:
    story.task(name="Wide", viewports=[{"width": 1280, "height": 800}])
    page.goto(f"/projects/{story.project['id']}")
    shown = page.locator("#project time").first
    expect(shown).not_to_have_text(re.compile("UTC"))
    page.get_by_role("button", name="Configuration").click()
    page.get_by_label("Times are shown").select_option("utc")
    desktop = page.get_by_role("group", name="Viewport preset", exact=True).nth(2)
    expect(desktop.get_by_label("Name")).to_have_value("desktop")
    desktop.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save").click()
    problem = page.get_by_text("is used by the tasks 'Wide (Shop)'")
    expect(problem).to_be_in_viewport()
    page.get_by_role("button", name="Add viewport preset").click()
    for label, value in (("Name", "wide"), ("Width", "1280"), ("Height", "800")):
        desktop.get_by_label(label).fill(value)
    page.get_by_label("Executions at once").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("The configuration was saved.")).to_be_visible()
    expect(shown).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$"))
    page.reload()
    expect(shown).to_have_text(re.compile("UTC$"))
    assert (complaints.foreign, complaints.failed) == ([], [])
