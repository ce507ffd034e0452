"""What aligning rows and strips makes of real page pairs, and what it costs: with and without, in one run.

    npm install --no-package-lock --ignore-scripts --prefix bench
    python bench/alignment.py [--rounds 5] [--browser PATH]

Two versions of bootstrap and of swagger-ui on the same page, and documentation pages with something inserted. Both
sides are timed from two files to stats, diff and heatmap.
"""

import argparse
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from loop.corpus import PAGES, fetch, served
from pairs import capture as pages
from pairs.rivals import MODULES
from pairs.versions import bootstrap_page, swagger_page
from playwright.sync_api import Browser, Page

from scene.domain.comparison import ComparisonStats
from scene.domain.options import ComparisonPolicy
from scene.imaging.compare import compare_pictures

CACHE = Path(__file__).parent.parent / ".cache" / "bench"
TWO_INSERTS = f"() => {{ ({pages.PARAGRAPH})(); ({pages.BANNER})(); document.querySelectorAll('p')[9].remove() }}"
SIDEBAR = """() => {
  const note = document.createElement('p');
  note.textContent = 'A note that only this column has, and that moves what is below it down.';
  document.querySelector('.sphinxsidebarwrapper').prepend(note);
}"""

Opener = Callable[[Page], object]


@dataclass(frozen=True)
class Case:
    name: str
    before: Opener
    after: Opener
    """Called on the same page, after the first picture was taken."""
    width: int = 1280
    full: bool = True
    """Whether the whole page is captured, rather than a viewport of 800 px."""


def main() -> None:
    options = _options()
    print(
        "| pair | size | inserted, removed rows | columns | residual px | with | without | time ratio | of CPU time |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with pages.browser(options.browser) as chromium, served(fetch(CACHE)) as documents, served(MODULES) as modules:
        for case in _cases(documents, modules):
            print(_line(case, *_taken(chromium, case), options.rounds), flush=True)


def _cases(documents: str, modules: str) -> Iterator[Case]:
    def opened(name: str) -> Opener:
        return lambda page: page.goto(f"{documents}/{PAGES[name]}", wait_until="load")

    def changed(script: str) -> Opener:
        return lambda page: page.evaluate(script)

    for width in (1280, 390):
        old, new = (bootstrap_page(modules, version) for version in ("old", "new"))
        yield Case(f"bootstrap 5.2 to 5.3, {width} px", old, new, width)
        old, new = (swagger_page(modules, version) for version in ("old", "new"))
        yield Case(f"swagger-ui 4 to 5, {width} px", old, new, width)
    for name in ("python-json", "postgresql-select", "debian-policy", "django-tutorial"):
        yield Case(f"{name}: banner", opened(name), changed(pages.BANNER))
        yield Case(f"{name}: two inserted, one removed", opened(name), changed(TWO_INSERTS))
        yield Case(f"{name}: heading 1 px taller", opened(name), changed(pages.TALLER))
    for name in ("python-json", "python-controlflow"):
        yield Case(f"{name}: a note in the left column", opened(name), changed(SIDEBAR))
    for change, script in (("paragraph inserted", pages.PARAGRAPH), ("heading 1 px taller", pages.TALLER)):
        yield Case(f"python-json, a viewport: {change}", opened("python-json"), changed(script), full=False)
    yield Case("sphinx-theming: another hue, no shift", opened("sphinx-theming"), changed(pages.HUE))
    yield Case("other pages altogether", opened("flask-quickstart"), opened("python-controlflow"))


def _taken(chromium: Browser, case: Case) -> tuple[bytes, bytes]:
    page = chromium.new_page(viewport={"width": case.width, "height": 800})
    case.before(page)
    pages.capture(page)  # the first full page may move what was laid out before it
    before = pages.capture(page, full=case.full)
    case.after(page)
    pages.capture(page)
    after = pages.capture(page, full=case.full)
    page.close()
    return before, after


def _line(case: Case, before: bytes, after: bytes, rounds: int) -> str:
    aligned, naive = ComparisonPolicy(), ComparisonPolicy(align=False)
    ratios: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        first, second = (aligned, naive) if number % 2 else (naive, aligned)
        took = {policy.align: _timed(before, after, policy) for policy in (first, second)}
        if number:
            ratios.append((took[True].seconds / took[False].seconds, took[True].cpu / took[False].cpu))
    found, without = took[True].stats, took[False].stats
    bands = [band for band in found.shift_bands if found.aligned]
    rows = {kind: sum(band.rows for band in bands if band.kind == kind) for kind in ("inserted", "removed")}
    columns = sum(band.width is not None for band in bands)
    cells = [
        case.name,
        f"{found.width} x {found.height}",
        f"{rows['inserted']}, {rows['removed']}" if found.aligned else "not aligned",
        f"{columns} of {len(bands)} bands" if columns else "",
        f"{found.residual_pixels:,}",
        f"{found.percent_changed:.2f} %",
        f"{without.percent_changed:.2f} %",
        *(f"{median(each):.2f}" for each in zip(*ratios, strict=True)),
    ]
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Timed:
    seconds: float
    cpu: float
    stats: ComparisonStats


def _timed(before: bytes, after: bytes, policy: ComparisonPolicy) -> Timed:
    started, used = time.perf_counter(), time.process_time()
    stats = compare_pictures(before, after, policy).stats
    return Timed(time.perf_counter() - started, time.process_time() - used, stats)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the alignment.")
    parser.add_argument("--rounds", type=int, default=5, help="timed comparisons of each pair")
    parser.add_argument("--browser", default=shutil.which("chromium-headless-shell"), help="its binary")
    options = parser.parse_args()
    if options.browser is None:
        parser.error("no chromium-headless-shell on the PATH; name one with --browser")
    if not MODULES.is_dir():
        parser.error("the pages are not installed: npm install --no-package-lock --ignore-scripts --prefix bench")
    return options


if __name__ == "__main__":
    main()
