"""A recorded trace in Playwright's own viewer, served by Scene."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import QUICK, Story
from tests.support.site import Site

pytestmark = pytest.mark.live

LINK = "Open in the trace viewer"


@pytest.fixture
def execution(story: Story, site: Site) -> str:
    """One with a trace of a page that has a script."""
    site.pages["/"] = "<!doctype html><title>Traced</title><h1>Traced page</h1><script>document.title = 'ran'</script>"
    task = story.task(capture=QUICK | {"trace": "always"})
    return story.executions(story.compare(story.batch(task)))[0]["id"]


def test_a_trace_is_opened_with_its_actions(page: Page, execution: str, url: str) -> None:
    page.goto(f"/executions/{execution}")
    with page.expect_popup() as popup:
        page.get_by_role("link", name=LINK).click()
    viewer = popup.value
    heard, asked = Complaints(), list[str]()
    viewer.on("console", heard.hear)
    viewer.on("request", lambda request: asked.append(request.url))
    expect(viewer).to_have_title("Playwright Trace Viewer")
    navigation = viewer.get_by_role("treeitem").filter(has_text="Navigate")
    expect(navigation.first).to_be_visible(timeout=20_000)
    navigation.first.click()
    snapshot = viewer.frame_locator("iframe.snapshot-visible")
    expect(snapshot.get_by_role("heading", name="Traced page")).to_be_visible()
    assert not viewer.url.startswith(url)
    assert {text for text in heard.console if "can escape its sandboxing" not in text} == set()
    assert [address for address in asked if not address.startswith(viewer.url.partition("/viewer/")[0])] == []
    assert viewer.context.cookies() == []
