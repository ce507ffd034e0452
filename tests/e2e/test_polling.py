"""A list that asks for news again and again takes nothing away from who clicks meanwhile."""

import re

from playwright.sync_api import Page, Request, Route, expect

from tests.support.describe import Story


def test_a_click_that_is_answered_late_is_not_lost(page: Page, story: Story) -> None:
    story.run(story.batch())
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        held.append(route)

    def note(request: Request) -> None:
        asked.append(request.url)

    page.clock.install()
    page.goto(f"/projects/{story.project['id']}/runs")
    page.route("**/pages", hold)
    with page.expect_request("**/pages"):
        page.locator(".project-tabs").get_by_role("link", name="Pages").click()
    page.on("request", note)
    page.clock.run_for(5_000)
    assert asked == [], "the tab that is left asks for nothing more"
    held[0].continue_()
    expect(page.locator(".project-tabs [aria-current]")).to_have_text("Pages")


def test_news_that_come_late_do_not_come_before_a_click(page: Page, story: Story) -> None:
    for name in ("Nightly", "Smoke"):
        story.run(story.batch(name=name))
    page.clock.install()
    page.goto("/runs")
    page.route(re.compile("/runs$"), lambda route: None)
    with page.expect_request(re.compile("/runs$")):
        page.clock.run_for(3_000)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/runs")):
        page.get_by_label("Text").fill("smo")
    expect(page.get_by_role("rowheader")).to_have_count(1)
