"""The whole loop: ten documentation pages at three viewports, against a loop that only navigates and captures.

    python bench/whole_loop.py [--rounds 5] [--pages 10] [--workers 2] [--browser PATH]

Prints the tables of docs/benchmarks.md. The pages are fetched on the first run.
"""

import argparse
import os
import shutil
from pathlib import Path

from loop.bare import BareLoop
from loop.corpus import PAGES, VIEWPORTS, fetch, served, shots
from loop.rounds import Contender, interleave, memory_table, proportional_mb, ratio_table, step_table
from loop.scene_loop import SceneComparing, SceneRecording

CACHE = Path(__file__).parent.parent / ".cache" / "bench"


def main() -> None:
    options = _options()
    with served(fetch(CACHE)) as base_url:
        wanted = shots(base_url)[: options.pages * len(VIEWPORTS)]
        given = wanted, options.workers, options.browser
        with BareLoop(*given) as bare, SceneComparing(*given) as comparing, SceneRecording(*given) as recording:
            contenders: list[Contender] = [bare, comparing]
            at_start = {each.name: proportional_mb(each.pids()) for each in contenders}
            rounds = interleave([*contenders, recording], options.rounds)
            print(
                f"\n{len(wanted) // len(VIEWPORTS)} pages x {len(VIEWPORTS)} viewports, {options.workers} workers, ",
                end="",
            )
            print(f"{options.rounds} rounds, {os.cpu_count()} cores\n")
            print("\n\n".join((ratio_table(rounds), step_table(rounds), memory_table(contenders, at_start))))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the whole loop.")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds of each contender")
    parser.add_argument("--pages", type=int, default=len(PAGES), help="how many of the pages")
    parser.add_argument("--workers", type=int, default=2, help="pictures taken at once")
    parser.add_argument("--browser", type=Path, default=shutil.which("chromium-headless-shell"), help="its binary")
    options = parser.parse_args()
    if options.browser is None:
        parser.error("no chromium-headless-shell on the PATH; name one with --browser")
    return options


if __name__ == "__main__":
    main()
