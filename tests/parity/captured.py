"""Pairs captured from a real browser: one page before and after small changes of the kinds that pages undergo."""

import base64
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

BODY = """
  <h1>Order 1047</h1>
  <p>The quick brown fox jumps over the lazy dog, <b>twice</b> and <i>once more</i>, for 12.50 a time.</p>
  <div class="box"></div><div class="round"></div><div class="slope"></div><button>Pay now</button>
  <svg width="120" height="80"><circle cx="40" cy="40" r="30" fill="#36c"/><path d="M70 70L110 8" stroke="#c33"
    stroke-width="3"/></svg>
  <ul><li>one line of text</li><li>another line of text</li></ul>
"""
STYLE = """
  * { animation: none } body { margin: 12px; font: 15px/1.4 sans-serif; background: #fff; width: 340px }
  .box { width: 50px; height: 40px; background: #3a7; display: inline-block; margin: 8px }
  .round { width: 60px; height: 40px; background: #fd5; border-radius: 17px; border: 1px solid #333 }
  .round { display: inline-block }
  .slope { width: 80px; height: 40px; background: linear-gradient(90deg, #024, #cef); display: inline-block }
"""
CHANGES = [
    *(f"p {{ transform: translateX({step}px) }}" for step in (0.1, 0.25, 0.4, 0.5, 0.75, 0.9)),
    *(f"p, ul {{ transform: translateY({step}px) }}" for step in (0.2, 0.35, 0.5, 0.8)),
    *(f"h1 {{ transform: translate({step}px, {step}px) }}" for step in (0.3, 0.6)),
    *(f".box {{ transform: rotate({angle}deg) }}" for angle in (1, 3, 7, 15, 30, 44)),
    *(f".round {{ transform: rotate({angle}deg) }}" for angle in (2, 10, 33)),
    *(f"circle {{ transform: translate({step}px, 0) }}" for step in (0.2, 0.5, 0.7)),
    *(f"circle {{ r: {radius}px }}" for radius in (29.5, 30.4, 33)),
    *(f"path {{ stroke-width: {width}px }}" for width in (2.6, 3.5, 5)),
    *(f".slope {{ background: linear-gradient({angle}deg, #024, #cef) }}" for angle in (91, 95, 130)),
    *(f"button {{ color: {colour} }}" for colour in ("#111", "#333", "#c00", "#00c")),
    *(f"body {{ background: {colour} }}" for colour in ("#fefefe", "#f4f4f4", "#ffe")),
    *(f"p {{ letter-spacing: {step}px }}" for step in (0.01, 0.05, 0.2)),
    *(f"h1 {{ font-size: {size}px }}" for size in (29.6, 30.5, 33)),
    *(f".round {{ border-radius: {radius}px }}" for radius in (16, 18.5, 20)),
    "h1 { font-weight: 400 }",
    "p { text-rendering: geometricPrecision }",
    "li { opacity: .9 }",
    ".box { box-shadow: 0 1px 4px #0006 }",
    "svg { filter: blur(.4px) }",
]


def captured_pairs(browser: Browser, folder: Path) -> Iterator[tuple[str, tuple[Path, Path]]]:
    """Capture the page once plain and once with each change; yields a name and the two files for each change."""
    page = browser.new_page(viewport={"width": 370, "height": 380})
    page.set_content(f"<style>{STYLE}</style><style id=change></style>{BODY}")
    before = folder / "captured.png"
    before.write_bytes(_capture(page, ""))
    for number, change in enumerate(CHANGES):
        after = folder / f"captured-{number}.png"
        after.write_bytes(_capture(page, change))
        yield change, (before, after)
    page.close()


def _capture(page: Page, change: str) -> bytes:
    page.evaluate("css => { document.getElementById('change').textContent = css }", change)
    session = page.context.new_cdp_session(page)
    answer = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    session.detach()
    return base64.b64decode(answer["data"])
