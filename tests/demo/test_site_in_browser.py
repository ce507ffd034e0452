"""Captured by a real browser, the two versions differ where the mutations say so, and nowhere else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from scene.demo.mutations import MUTATIONS
from scene.demo.server import SampleSite
from scene.demo.site import SamplePage, pages

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
MOBILE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

LOAD_EVERYTHING = """async () => {
  for (const image of document.images) { image.loading = "eager"; await image.decode(); }
  await document.fonts.ready;
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


@pytest.fixture(params=[DESKTOP, MOBILE], ids=["desktop", "mobile"])
def tab(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(**request.param)
    yield context.new_page()
    context.close()


def capture(tab: Page, site: SampleSite, path: str, version: int) -> bytes:
    site.version = 1 if version == 1 else 2
    tab.goto(site.url + path)
    tab.evaluate(LOAD_EVERYTHING)
    return tab.screenshot(full_page=True, animations="disabled")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.slug)
def test_a_page_has_the_same_bytes_in_both_versions_unless_it_was_mutated(
    tab: Page, site: SampleSite, page: SamplePage
) -> None:
    first, second = (capture(tab, site, page.path, version) for version in (1, 2))

    assert (first != second) == any(mutation.page == page.slug for mutation in MUTATIONS)


def test_the_banner_moves_the_page_down_by_its_height(tab: Page, site: SampleSite) -> None:
    capture(tab, site, "/menu", 1)
    before = tab.evaluate("document.documentElement.scrollHeight")
    capture(tab, site, "/menu", 2)

    assert tab.evaluate("document.documentElement.scrollHeight") == before + 60


def test_no_page_is_wider_than_the_screen_or_reports_an_error(tab: Page, site: SampleSite) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    for page in pages():
        capture(tab, site, page.path, 2)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.slug

    assert errors == []
