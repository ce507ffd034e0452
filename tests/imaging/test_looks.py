"""What a changed area looks like, on text and on something like photographs as a browser really draws them."""

import base64

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from scene.domain.comparison import Box, Looks
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene.imaging.decode import decode_png
from scene.imaging.looks import looks_of
from scene.imaging.pixels import Pixels
from tests.imaging.pictures import BLUE, RED, page, plain, png

SENTENCE = "The quick brown fox jumps over the lazy dog, twice, and once more for 12.50 a time."
CLOUDS = """<svg width=320 height=200><filter id=f><feTurbulence baseFrequency=".02 .03" numOctaves=4 seed=7 />
  <feColorMatrix values="1 0 0 0 .1  0 1 0 0 .1  0 0 1 0 .2  0 0 0 0 1" /></filter>
  <rect width=320 height=200 filter="url(#f)" /></svg>"""
ROCKS = """<svg width=320 height=200><filter id=f><feTurbulence type=fractalNoise baseFrequency=.06 numOctaves=5 />
  <feDiffuseLighting lighting-color="#dca" surfaceScale=4><feDistantLight azimuth=45 elevation=50 />
  </feDiffuseLighting></filter><rect width=320 height=200 filter="url(#f)" /></svg>"""


def looks(picture: Pixels) -> Looks:
    whole = Box(x=0, y=0, width=picture.shape[1], height=picture.shape[0])
    return looks_of(np.ascontiguousarray(picture), [whole])[0]


@pytest.fixture(scope="module")
def page_of_text(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 320, "height": 200})


def drawn(page: Page, body: str) -> Pixels:
    page.set_content(f"<style>body {{ margin: 0; font: 16px/1.4 sans-serif }}</style>{body}")
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "png"})
    session.detach()
    return decode_png(base64.b64decode(answer["data"]))


@pytest.mark.parametrize(
    "style",
    ["", "font-size: 11px", "font-size: 28px", "color: #c00", "background: #124; color: #fff", "color: #777",
     "font: 13px monospace", "font-family: serif; font-weight: bold", "background: #e6f4ea; color: #137333"],
)  # fmt: skip
def test_text_looks_like_text(page_of_text: Page, style: str) -> None:
    assert looks(drawn(page_of_text, f"<p style='margin: 0; {style}'>{SENTENCE * 2}</p>")[:60]) == "text"


def test_a_single_word_looks_like_text(page_of_text: Page) -> None:
    picture = drawn(page_of_text, "<b>Order</b>")
    rows, columns = np.nonzero(picture != picture[-1, -1])
    word = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert looks(word) == "text"


@pytest.mark.parametrize(
    "body",
    [CLOUDS, ROCKS, "<div style='height: 200px; background: linear-gradient(30deg, #024, #fc8, #cef)'></div>"],
    ids=["clouds", "rocks", "slope"],
)
def test_photographs_and_slopes_look_like_pictures(page_of_text: Page, body: str) -> None:
    assert looks(drawn(page_of_text, body)) == "picture"


@pytest.mark.parametrize(
    "body",
    ["", "<div style='height: 200px; background: #37c'></div>", "<hr>",
     "<div style='border: 1px solid #999; height: 150px; border-radius: 6px'></div>"],
)  # fmt: skip
def test_paper_buttons_and_lines_are_plain(page_of_text: Page, body: str) -> None:
    assert looks(drawn(page_of_text, body)) == "plain"


def test_a_region_is_the_busier_of_before_and_after(page_of_text: Page) -> None:
    text = drawn(page_of_text, f"<p>{SENTENCE}</p>")
    for before, after in ((text, plain(320, 200)), (plain(320, 200), text)):
        regions = compare_pictures(png(before), png(after), ComparisonPolicy()).stats.regions
        assert {region.looks for region in regions[:1]} == {"text"}


def test_a_region_below_an_insertion_is_looked_up_in_its_own_rows() -> None:
    before = page(320, 600)
    before[380:420, 100:160] = BLUE
    after = np.vstack([plain(320, 30, RED), before])
    after[410:450, 100:160] = 0x33AA33
    regions = compare_pictures(png(before), png(after), ComparisonPolicy()).stats.regions
    assert [(region.y, region.looks) for region in regions] == [(0, "plain"), (410, "plain")]
