"""Reading what a page said, on the page of its execution."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import QUICK, Story
from tests.support.site import Site


@pytest.mark.live
def test_a_log_is_opened_and_searched_by_keyboard(page: Page, story: Story, site: Site, complaints: Complaints) -> None:
    site.pages["/"] = "<!doctype html><script>for (let n = 0; n < 300; n++) console.log('line ' + n)</script><p>Page"
    task = story.task(capture=QUICK | {"console": "always"})
    (execution,) = story.executions(story.compare(story.batch(task)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/executions/{execution['id']}")
    summary = page.locator("summary", has_text="Console")
    expect(summary).to_be_visible()
    assert not any("/logs/" in address for address in asked), "a log is read only when somebody opens it"
    summary.focus()
    page.keyboard.press("Enter")
    rows = page.get_by_role("region", name="console.jsonl").locator("tbody tr")
    expect(rows).to_have_count(200)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(300)
    page.get_by_role("searchbox", name="Text").press_sequentially("line 29")
    expect(rows).to_have_count(11)
    expect(page.get_by_role("searchbox", name="Text")).to_be_focused()
    page.get_by_label("Problems only").check()
    expect(page.get_by_text("None of 300 lines is like this.")).to_be_visible()
    assert (complaints.console, complaints.foreign) == ([], [])
    # A question that a further letter overtook is dropped.
    assert [each for each in complaints.failed if not ("/logs/" in each and "ERR_ABORTED" in each)] == []
