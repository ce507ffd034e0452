"""The page of workers tells how things are, as long as somebody looks."""

import pytest
from playwright.sync_api import Page, Request

_HIDES = "Object.defineProperty(document, 'hidden', { get: () => window.away === true })"


@pytest.mark.live
def test_workers_are_asked_for_while_the_page_is_seen(page: Page) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.add_init_script(_HIDES)
    page.clock.install()
    page.goto("/workers")
    page.wait_for_load_state("networkidle")
    page.evaluate("window.away = true")
    page.on("request", note)
    page.clock.run_for(20_000)
    assert asked == []
    page.evaluate("window.away = false")
    with page.expect_response("**/workers*"):
        page.clock.run_for(6_000)
