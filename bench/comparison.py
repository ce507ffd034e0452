"""The comparison of two pictures against odiff's server and npm's pixelmatch, in one run on captured pages.

    npm install --no-package-lock --ignore-scripts --prefix bench
    python bench/comparison.py [--rounds 5] [--browser PATH]

All are warm and take turns. Scene and odiff read two files and write what they draw, pixelmatch is timed from the bytes
of two files to the bytes of its diff. Scene also finds regions, aligns shifts and draws a heatmap; the others give up
nothing for an inserted band, they count everything below it.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from loop.corpus import PAGES, fetch, served
from pairs import capture as pages
from pairs.rivals import MODULES, Answer, Odiff, Pixelmatch

from scene.domain.options import ComparisonPolicy
from scene.imaging.jobs import compare_files
from scene.imaging.png_file import read_png_file

CACHE = Path(__file__).parent.parent / ".cache" / "bench"


@dataclass(frozen=True)
class Case:
    name: str
    page: str
    change: str = pages.NOTHING
    width: int = 1280
    full: bool = False
    fast: bool = True
    """Whether the second file is written by the same encoder as the first."""


VIEWPORT, FULL = "python-json", "django-tutorial"
CASES = (
    Case("identical files", VIEWPORT),
    Case("identical pixels, other bytes", VIEWPORT, fast=False),
    Case("one colour", VIEWPORT, pages.COLOUR),
    Case("text", VIEWPORT, pages.TEXT),
    Case("anti-aliasing only", VIEWPORT, pages.SUBPIXEL),
    Case("banner on top", VIEWPORT, pages.BANNER),
    Case("heading 1 px taller", VIEWPORT, pages.TALLER),
    Case("paragraph inserted", VIEWPORT, pages.PARAGRAPH),
    Case("full: one colour", FULL, pages.COLOUR, full=True),
    Case("full: another hue", FULL, pages.HUE, full=True),
    Case("full: banner on top", FULL, pages.BANNER, full=True),
    Case("full: heading 1 px taller", FULL, pages.TALLER, full=True),
    Case("full: paragraph inserted", FULL, pages.PARAGRAPH, full=True),
    Case("full: anti-aliasing only", FULL, pages.SUBPIXEL, full=True),
    Case("mobile: one colour", FULL, pages.COLOUR, width=390, full=True),
    Case("mobile: banner on top", FULL, pages.BANNER, width=390, full=True),
    Case("photo: one colour", "photo", pages.COLOUR, full=True),
    Case("photo: banner on top", "photo", pages.BANNER, full=True),
)


@dataclass
class Pair:
    case: Case
    before: Path
    after: Path
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def line(self, rivals: list[str]) -> str:
        sizes = [read_png_file(file.read_bytes(), file.name) for file in (self.before, self.after)]
        megapixels = max(size.width for size in sizes) * max(size.height for size in sizes) / 1e6
        cells = [self.case.name, f"{megapixels:.1f}", *(self._ratios(rival) for rival in rivals)]
        names = ("Scene", *rivals)
        cells += [f"{median(answer.milliseconds for answer in self.answers[name]):.1f}" for name in names]
        counts = [self.answers[name][-1].changed for name in names]
        cells += ["" if count is None else f"{count:,}" for count in counts]
        return f"| {' | '.join(cells)} |"

    def _ratios(self, rival: str) -> str:
        """By the clock, and of CPU time, each the median of the turns."""
        turns = list(zip(self.answers["Scene"], self.answers[rival], strict=True))
        clock = median(ours.milliseconds / theirs.milliseconds for ours, theirs in turns)
        cpu = median(ours.cpu_milliseconds / theirs.cpu_milliseconds for ours, theirs in turns)
        return f"{clock:.2f} | {cpu:.2f}"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder, Odiff() as odiff, Pixelmatch() as pixelmatch:
        rivals: list[Odiff | Pixelmatch] = [odiff, pixelmatch] if options.pixelmatch else [odiff]
        pairs = list(_captured(Path(folder), options.browser))
        for number in range(options.rounds + 1):
            for pair in pairs:
                turn = {"Scene": _scene(pair, Path(folder))}
                for rival in rivals:
                    turn[rival.name] = rival.compare(pair.before, pair.after, Path(folder, "diff.png"))
                if number:
                    for name, answer in turn.items():
                        pair.answers.setdefault(name, []).append(answer)
            print(f"  {number}/{options.rounds}", file=sys.stderr, flush=True)
        names = [rival.name for rival in rivals]
        titles = ["pair", "megapixels", *(f"ratio to {name} | of CPU time" for name in names)]
        titles += [f"{name}, ms" for name in ("Scene", *names)] + [f"{name}: changed" for name in ("Scene", *names)]
        print(f"| {' | '.join(titles)} |\n|{'---|' * (len(titles) + len(names))}")
        for pair in pairs:
            print(pair.line(names))


def _scene(pair: Pair, folder: Path) -> Answer:
    out = folder / "scene"
    shutil.rmtree(out, ignore_errors=True)  # each comparison of Scene has a folder of its own
    used, started = time.process_time(), time.perf_counter()
    stats = compare_files(pair.before, pair.after, out, ComparisonPolicy())
    spent, used = time.perf_counter() - started, time.process_time() - used
    return Answer(spent * 1_000, used * 1_000, stats.changed_pixels)


def _captured(folder: Path, browser: str) -> Iterator[Pair]:
    with served(fetch(CACHE)) as base_url, pages.browser(browser) as chromium:
        for number, case in enumerate(CASES):
            page = chromium.new_page(viewport={"width": case.width, "height": 800})
            if case.page == "photo":
                page.set_content(pages.PHOTO)
            else:
                page.goto(f"{base_url}/{PAGES[case.page]}", wait_until="load")
            pages.capture(page, full=case.full)  # the first full page may move what was laid out before it
            pair = Pair(case, folder / f"{number}-before.png", folder / f"{number}-after.png")
            pair.before.write_bytes(pages.capture(page, full=case.full))
            page.evaluate(case.change)
            pair.after.write_bytes(pages.capture(page, full=case.full, fast=case.fast))
            page.close()
            yield pair


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the comparison.")
    parser.add_argument("--rounds", type=int, default=5, help="timed comparisons of each pair")
    parser.add_argument("--browser", default=shutil.which("chromium-headless-shell"), help="its binary")
    parser.add_argument("--no-pixelmatch", dest="pixelmatch", action="store_false", help="measure against odiff alone")
    options = parser.parse_args()
    if options.browser is None:
        parser.error("no chromium-headless-shell on the PATH; name one with --browser")
    if not MODULES.is_dir():
        parser.error("its rivals are not installed: npm install --no-package-lock --ignore-scripts --prefix bench")
    return options


if __name__ == "__main__":
    main()
