"""Pictures of 1440 x 23,000 px in a real browser: each mode shows the end of the page, and not only its beginning."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.site import Site

WIDTH, HEIGHT = 1440, 23_000
ROWS = 230
CHANGED = 225
"""Of the rows: far beyond what one tile of a graphics card holds."""
TEAL, TOMATO = (0, 128, 128), (255, 99, 71)
MODES = {
    "p": [TEAL, TOMATO],
    "s": [TEAL, TOMATO],
    "o": None,
    "f": None,
    "b": [TEAL],
    "n": [TOMATO],
    "d": None,
    "h": None,
}
"""The colours that the row has in each mode; none where they are mixed, or drawn otherwise."""


def tall(colour: str) -> str:
    rows = "".join(
        f"<div style='background:{colour if row == CHANGED else f'hsl({row * 7} 30% 85%)'}'>Row {row}</div>"
        for row in range(ROWS)
    )
    return f"<!doctype html><style>body{{margin:0}} div{{height:{HEIGHT // ROWS}px;overflow:hidden}}</style>{rows}"


def compared(story: Story, site: Site) -> dict[str, Any]:
    batch = story.batch(story.task(name="Tall", viewports=[{"width": WIDTH, "height": 900}], capture={}))
    site.pages["/"] = tall("teal")
    assert story.record(batch)["summary"]["finished"] == 1
    site.pages["/"] = tall("tomato")
    run = story.compare(batch)
    assert run["summary"]["changed"] == 1
    return run


def colours(page: Page) -> set[tuple[int, ...]]:
    """Those that a good part of what is in view has."""
    seen = Image.open(io.BytesIO(page.locator(".viewer-stage").screenshot())).convert("RGB")
    small = seen.resize((seen.width // 4, seen.height // 4), Image.Resampling.NEAREST)
    found = small.getcolors(small.width * small.height) or []
    return {colour for number, colour in found if number > 0.004 * small.width * small.height}


@pytest.mark.live
def test_every_mode_shows_the_end_of_a_tall_page(page: Page, story: Story, site: Site, complaints: Complaints) -> None:
    run = compared(story, site)
    page.goto(f"/runs/{run['id']}/viewer")
    expect(page.get_by_role("group", name="Mode")).to_be_visible()
    for key, wanted in MODES.items():
        page.keyboard.press(key)
        if key == "f":
            page.keyboard.press(key)  # it stands still then
        page.keyboard.press("j")
        loaded = page.locator("img.viewer-layer").evaluate_all(
            "async images => { await Promise.all(images.map(image => image.decode()));"
            " return images.map(image => [image.naturalWidth, image.naturalHeight]) }"
        )
        assert loaded
        assert all(size == [WIDTH, HEIGHT] for size in loaded), (key, loaded)
        assert page.locator(".viewer-scroll").first.evaluate("pane => pane.scrollTop") > 1_000, key
        seen = colours(page)
        assert len(seen) > 1, f"{key} shows nothing"
        if wanted:
            assert set(wanted) <= seen, key
    assert complaints.console == []
    assert complaints.failed == []


@pytest.mark.live
def test_a_pixel_at_the_end_has_its_two_colours(page: Page, story: Story, site: Site) -> None:
    run = compared(story, site)
    page.goto(f"/runs/{run['id']}/viewer?mode=side&zoom=pixels")
    expect(page.get_by_role("group", name="Mode")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("l")
    loupe = page.get_by_role("group", name="Pixel loupe")
    expect(loupe).to_contain_text("#008080")
    expect(loupe).to_contain_text("#ff6347")
