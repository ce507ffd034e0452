"""A recorded trace in Playwright's own viewer, served by Scene."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import QUICK, Story
from tests.support.site import Site

pytestmark = pytest.mark.live

LINK = "Open in the trace viewer"


def origin(page: Page) -> str:
    return page.url.partition("/viewer/")[0]


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
    assert viewer.evaluate("navigator.serviceWorker.ready.then(worker => worker.scope)") == f"{origin(viewer)}/viewer/"
    assert origin(viewer) != url
    assert {text for text in heard.console if "can escape its sandboxing" not in text} == set()
    assert [address for address in asked if not address.startswith(origin(viewer))] == []
    assert viewer.context.cookies() == []


def test_an_old_link_says_what_to_do(page: Page, execution: str) -> None:
    page.goto(f"/executions/{execution}")
    with page.expect_popup() as popup:
        page.get_by_role("link", name=LINK).click()
    viewer = popup.value
    expect(viewer.get_by_role("treeitem").first).to_be_visible(timeout=20_000)
    viewer.goto(viewer.url.replace("%2Ftraces%2F", "%2Ftraces%2Fx"))
    expect(viewer.get_by_text("Open the trace again from the page of its execution.")).to_be_visible()


def test_a_captured_page_can_do_nothing_in_the_viewer(page: Page, story: Story, site: Site) -> None:
    """The snapshot of a page that tries to run, to frame and to send something, shown where it was captured."""
    site.pages["/"] = (
        "<!doctype html><title>Hostile</title><h1>Hostile page</h1><img src=/none onerror=\"console.log('acted')\">"
        "<script>console.log('acted')</script><iframe srcdoc=\"<script>console.log('acted')</script>\"></iframe>"
        "<svg><script>console.log('acted')</script></svg><a href=\"javascript:console.log('acted at last')\">Act</a>"
    )
    (execution,) = story.executions(story.compare(story.batch(story.task(capture=QUICK | {"trace": "always"}))))
    said: list[str] = []
    page.context.on("console", lambda message: said.append(message.text))
    page.goto(f"/executions/{execution['id']}")
    with page.expect_popup() as popup:
        page.get_by_role("link", name=LINK).click()
    viewer = popup.value
    viewer.get_by_role("treeitem").filter(has_text="Navigate").first.click(timeout=20_000)
    snapshot = viewer.frame_locator("iframe.snapshot-visible")
    snapshot.get_by_role("link", name="Act").click()
    expect(snapshot.get_by_role("heading", name="Hostile page")).to_be_visible()
    assert [words for words in said if "acted" in words] == []
    # The same page where it may: all of it is heard.
    with page.expect_console_message(lambda message: message.text == "acted at last"):
        page.goto(site.url)
        page.get_by_role("link", name="Act").click()
    assert said.count("acted") == 4
