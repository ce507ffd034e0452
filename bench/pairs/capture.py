"""Pictures of pages as Scene takes them, and the changes that are made to them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

NOTHING = "() => {}"
COLOUR = "() => { document.querySelectorAll('p')[2].style.color = '#c00' }"
TEXT = "() => { document.querySelectorAll('p')[2].textContent = 'These are other words than those that were here.' }"
SUBPIXEL = "() => { document.body.style.transform = 'translateX(.3px)' }"
TALLER = "() => { document.querySelector('h1, h2').style.paddingBottom = '1px' }"
PARAGRAPH = """() => {
  const paragraph = document.createElement('p');
  paragraph.textContent = 'A paragraph that was not here before. '.repeat(12);
  document.querySelector('h1, h2').after(paragraph);
}"""
BANNER = """() => {
  const banner = document.createElement('div');
  banner.style.cssText = 'height:60px;background:#246;color:#fff;font:20px/60px sans-serif;text-align:center';
  banner.textContent = 'This is the documentation of another version.';
  document.body.prepend(banner);
}"""
HUE = "() => { document.documentElement.style.filter = 'hue-rotate(40deg) contrast(.9)' }"

PHOTO = """<!doctype html><title>Photo</title><body style="margin:0;font:16px sans-serif"><h1>Rocks</h1>
<p>One</p><p>Two</p><p>Three</p><svg width=1280 height=2800 style="display:block"><filter id=f>
<feTurbulence type=fractalNoise baseFrequency=".02 .03" numOctaves=6 seed=3 /></filter>
<rect width=1280 height=2800 filter="url(#f)" /></svg></body>"""
"""Noise of many scales instead of a photograph: no two rows are alike, and nothing compresses."""


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """Chromium's headless shell."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=path) as chromium:
        yield chromium


def capture(page: Page, *, full: bool = True, fast: bool = True) -> bytes:
    """A PNG file by the browser's own protocol, as Scene's runner takes it."""
    devtools = page.context.new_cdp_session(page)
    options: dict[str, object] = {"format": "png", "optimizeForSpeed": fast}
    if full:
        content = devtools.send("Page.getLayoutMetrics")["cssContentSize"]
        options["captureBeyondViewport"] = True
        options["clip"] = {"x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1}
    answer = devtools.send("Page.captureScreenshot", options)
    devtools.detach()
    return base64.b64decode(answer["data"])
