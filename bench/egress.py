"""What it costs that the requests of pages go through Scene's proxy.

    python bench/egress.py [--rounds 10] [--pages 10] [--browser PATH]

Ten documentation pages, and one of many small pictures, by runner processes with the proxy and without, in turn. The
pages are fetched on the first run.
"""

import argparse
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from loop.corpus import PAGES, fetch, served
from loop.rounds import Round, cpu_seconds, interleave, ratio_table

from scene.egress.proxy import Egress
from scene.launch.process import ProcessLauncher
from scene_runner.protocol import CaptureJob, TargetJob

CACHE = Path(__file__).parent.parent / ".cache" / "bench"
SLOTS = 2
MANY = 100
_numbers = itertools.count(1)


class Captures:
    """Every page once a round, two at a time, by runners that are kept."""

    def __init__(self, name: str, urls: Sequence[str], folder: Path, browser: str, egress: Egress | None) -> None:
        self.name = name
        self._urls = urls
        self._folder = folder
        self.launcher = ProcessLauncher({"chromium": browser}, egress=egress)

    def pids(self) -> list[int]:
        return [os.getpid()]

    def round(self) -> Round:
        before, started = cpu_seconds(self.pids()), time.perf_counter()
        with ThreadPoolExecutor(SLOTS) as slots:
            sizes = list(slots.map(self._capture, self._urls))
        return Round(time.perf_counter() - started, len(sizes), sum(sizes), cpu_seconds(self.pids()) - before)

    def _capture(self, url: str) -> int:
        """Bytes of its picture."""
        output = self._folder / f"job-{next(_numbers)}"
        output.mkdir()
        job = CaptureJob(output.name, str(output), url, [TargetJob("full", "full")], 1440, 900, group="bench")
        result = self.launcher.run("chromium", job, lambda _: None).result
        if result is None or result.status != "finished":
            raise SystemExit(f"A capture failed: {result}")
        size = sum(path.stat().st_size for path in output.glob("*.png"))
        shutil.rmtree(output)
        return size


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of the proxy between runners and pages.")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pages", type=int, default=len(PAGES))
    parser.add_argument("--browser", default=shutil.which("chromium-headless-shell"))
    options = parser.parse_args()
    documents = fetch(CACHE)
    with served(documents) as base, served(_many_pictures(CACHE / "many")) as many:
        pages = [f"{base}/{path}" for path in list(PAGES.values())[: options.pages]]
        measure(f"{len(pages)} documentation pages", pages, options)
        measure(f"a page of {MANY} small pictures, 4 times", [f"{many}/many.html"] * 4, options)


def measure(what: str, urls: Sequence[str], options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ways = [
            Captures("without", urls, Path(folder), options.browser, None),
            Captures("with the proxy", urls, Path(folder), options.browser, Egress(loopback=True)),
        ]
        try:
            rounds = interleave(ways, options.rounds)
        finally:
            for each in ways:
                each.launcher.close()
    print(f"\n{what}, {SLOTS} at a time, {options.rounds} rounds\n\n{ratio_table(rounds)}\n", flush=True)


def _many_pictures(folder: Path) -> Path:
    """A page of whose requests each is answered by a few bytes: the most connections for the least work."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(MANY):
        square = f"<rect width='9' height='9' fill='hsl({number * 3} 80% 50%)'/>"
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{square}</svg>"
        folder.joinpath(f"{number}.svg").write_text(svg)
    pictures = "".join(f"<img src='{number}.svg' alt=''>" for number in range(MANY))
    folder.joinpath("many.html").write_text(f"<!doctype html><title>Many</title>{pictures}")
    return folder


if __name__ == "__main__":
    main()
