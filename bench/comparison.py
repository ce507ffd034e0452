"""The comparison of two pictures against npm's pixelmatch with pngjs, in one run on captured documentation pages.

    python bench/comparison.py [--rounds 5] [--browser PATH]

Both are warm, and both are timed from the bytes of two PNG files to the bytes of the diff. Scene also finds regions and
draws a heatmap; pixelmatch gives up nothing for an inserted band, it counts everything below it.
"""

import argparse
import base64
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from loop.corpus import PAGES, fetch, served
from playwright.sync_api import Page, sync_playwright

from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures
from scene.imaging.png_file import read_png_file

ROOT = Path(__file__).parent.parent
CACHE = ROOT / ".cache" / "bench"
PACKAGE = ROOT / "tests" / "parity" / "package.json"

_PAGE, _LONG_PAGE = "git-rebase", "python-pathlib"
_WORD = "() => { document.querySelectorAll('p')[5].firstElementChild.style.color = '#c00' }"
_BANNER = """() => {
  const banner = document.createElement('div');
  banner.style.cssText = 'height:64px;background:#246;color:#fff;font:20px/64px sans-serif;text-align:center';
  banner.textContent = 'This is the documentation of another version.';
  document.body.prepend(banner);
}"""
_THEME = "() => { document.documentElement.style.filter = 'hue-rotate(40deg) contrast(.9)' }"

CASES = (
    ("identical", _PAGE, "() => {}"),
    ("one word in another colour", _PAGE, _WORD),
    ("a banner at the top", _PAGE, _BANNER),
    ("links in another hue", _PAGE, _THEME),
    ("long page: one word in another colour", _LONG_PAGE, _WORD),
    ("long page: a banner at the top", _LONG_PAGE, _BANNER),
)


@dataclass
class Pair:
    name: str
    before: Path
    after: Path
    ours_ms: list[float] = field(default_factory=list)
    theirs_ms: list[float] = field(default_factory=list)
    ours_changed: int = 0
    theirs_changed: int = 0

    @property
    def megapixels(self) -> float:
        sizes = [read_png_file(file.read_bytes(), file.name) for file in (self.before, self.after)]
        return max(size.width for size in sizes) * max(size.height for size in sizes) / 1e6

    def line(self) -> str:
        ratio = median(ours / theirs for ours, theirs in zip(self.ours_ms, self.theirs_ms, strict=True))
        return (
            f"| {self.name} | {self.megapixels:.1f} | {ratio:.3f} | {median(self.ours_ms):.1f} "
            f"| {median(self.theirs_ms):.1f} | {self.ours_changed:,} | {self.theirs_changed:,} |"
        )


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder, _pixelmatch() as node:
        pairs = list(_captured(Path(folder), options.browser))
        for number in range(options.rounds + 1):
            for pair in pairs:
                _time(pair, node, counted=number > 0)
            print(f"  {number}/{options.rounds}", file=sys.stderr, flush=True)
        print("| pair | megapixels | ratio (median of pairs) | Scene, ms | pixelmatch, ms | changed | its changed |")
        print("|---|---|---|---|---|---|---|")
        for pair in pairs:
            print(pair.line())


def _time(pair: Pair, node: "subprocess.Popen[str]", *, counted: bool) -> None:
    before, after = pair.before.read_bytes(), pair.after.read_bytes()
    started = time.perf_counter()
    result = compare_pictures(before, after, ComparisonPolicy())
    ours_ms = (time.perf_counter() - started) * 1_000
    assert node.stdin
    assert node.stdout
    node.stdin.write(json.dumps({"before": str(pair.before), "after": str(pair.after)}) + "\n")
    node.stdin.flush()
    answer = json.loads(node.stdout.readline())
    if counted:
        pair.ours_ms.append(ours_ms)
        pair.theirs_ms.append(answer["ms"])
        pair.ours_changed, pair.theirs_changed = result.stats.changed_pixels, answer["changed"]


@contextmanager
def _pixelmatch() -> Iterator["subprocess.Popen[str]"]:
    command = ["node", str(Path(__file__).with_name("pixelmatch.mjs")), str(PACKAGE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        yield node


def _captured(folder: Path, browser: str) -> Iterator[Pair]:
    with (
        served(fetch(CACHE)) as base_url,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser, chromium_sandbox=False) as chromium,
    ):
        for number, (name, title, change) in enumerate(CASES):
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{base_url}/{PAGES[title]}", wait_until="load")
            _capture(page)  # the first full page may move what was laid out before it
            pair = Pair(name, folder / f"{number}-before.png", folder / f"{number}-after.png")
            pair.before.write_bytes(_capture(page))
            page.evaluate(change)
            pair.after.write_bytes(_capture(page))
            page.close()
            yield pair


def _capture(page: Page) -> bytes:
    devtools = page.context.new_cdp_session(page)
    content = devtools.send("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1}
    answer = devtools.send(
        "Page.captureScreenshot",
        {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip},
    )
    devtools.detach()
    return base64.b64decode(answer["data"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the comparison.")
    parser.add_argument("--rounds", type=int, default=5, help="timed comparisons of each pair")
    parser.add_argument("--browser", default=shutil.which("chromium-headless-shell"), help="its binary")
    options = parser.parse_args()
    if options.browser is None:
        parser.error("no chromium-headless-shell on the PATH; name one with --browser")
    if not (PACKAGE.parent / "node_modules").is_dir():
        parser.error("pixelmatch is not installed: npm ci --prefix tests/parity")
    return options


if __name__ == "__main__":
    main()
