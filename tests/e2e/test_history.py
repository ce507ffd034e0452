"""The history of a task, by a person."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site


@pytest.mark.live
def test_a_bar_leads_to_its_run(page: Page, story: Story, site: Site, complaints: Complaints) -> None:
    batch = story.batch(story.task(name="Front"), name="Nightly")
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1>"
    story.compare(batch)
    page.goto(f"/projects/{story.project['id']}/tasks")
    page.get_by_role("link", name="Front", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of Front")
    page.wait_for_load_state()  # who leaves before breaks off what is still loaded
    plot = page.get_by_role("figure", name="Changed pixels")
    share = page.get_by_role("region", name="Runs").get_by_role("cell").nth(1).inner_text()
    expect(plot.locator("title")).to_have_text(f"Changed: {share}")
    plot.locator(".plot-bar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison of Nightly")
    assert (complaints.console, complaints.foreign, complaints.failed) == ([], [], [])


@pytest.mark.live
def test_the_tables_fit_a_phone_with_every_number_that_tells(page: Page, story: Story, site: Site) -> None:
    batch = story.batch(story.task(name="The front page as everybody sees it first"), name="Nightly")
    story.record(batch)
    site.pages["/"] = "<!doctype html><h1>Changed</h1>"
    story.compare(batch)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (f"/batches/{batch['id']}/history", f"/tasks/{batch['tasks'][0]['task_id']}/history"):
        page.goto(path)
        tables = [page.get_by_role("region", name=name) for name in ("Flakiness", "Runs")]
        assert [table.evaluate("table => table.scrollWidth - table.clientWidth") for table in tables] == [0, 0]
        expect(tables[0].get_by_role("rowheader").locator("div")).to_have_text("Executions 1 · Changed 1")
        expect(tables[1].get_by_text("took ")).to_be_visible()
