"""Captured by a real browser, the two versions differ where the mutations say so, and nowhere else."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from scene.demo.mutations import MUTATIONS, expected_verdicts
from scene.demo.server import SampleSite
from scene.demo.site import SamplePage, pages
from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene_runner.failure import NETWORK_CHANGED
from tests.support.network import persistent

POLICY = ComparisonPolicy()

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
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**request.param)
    yield persistent(context.new_page())
    context.close()


def capture(tab: Page, site: SampleSite, path: str, version: int) -> bytes:
    site.version = 1 if version == 1 else 2
    tab.goto(site.url + path)
    tab.evaluate(LOAD_EVERYTHING)
    return tab.screenshot(full_page=True, animations="disabled")


def compare(tab: Page, site: SampleSite, path: str) -> ComparisonStats:
    first, second = (capture(tab, site, path, version) for version in (1, 2))
    return compare_pictures(first, second, POLICY).stats


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.slug)
def test_a_page_reaches_its_expected_verdict_and_is_identical_unless_mutated(
    tab: Page, site: SampleSite, page: SamplePage
) -> None:
    stats = compare(tab, site, page.path)

    assert stats.verdict(POLICY) is expected_verdicts()[page.slug]
    assert stats.identical == all(mutation.page != page.slug for mutation in MUTATIONS)


def test_the_compass_differs_by_antialiasing_and_by_nothing_else(tab: Page, site: SampleSite) -> None:
    stats = compare(tab, site, "/about")

    assert stats.changed_pixels == 0
    assert stats.antialiased_pixels > 500


def test_the_banner_is_seen_as_a_shift_by_its_height_and_nothing_else(tab: Page, site: SampleSite) -> None:
    stats = compare(tab, site, "/menu")
    scale = tab.evaluate("devicePixelRatio")

    assert stats.shift_rows == 60 * scale
    assert stats.residual_pixels == 0


def test_the_removed_event_moves_what_follows_up(tab: Page, site: SampleSite) -> None:
    assert compare(tab, site, "/events").shift_rows < 0


def test_no_page_is_wider_than_the_screen_or_reports_an_error(tab: Page, site: SampleSite) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text) if NETWORK_CHANGED not in message.text else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    for page in pages():
        capture(tab, site, page.path, 2)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.slug

    assert errors == []
