"""The bare loop: navigate and take one CDP screenshot, nothing else. What Scene's whole loop is measured against."""

import base64
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, sync_playwright

from loop.corpus import Shot
from loop.rounds import Round, cpu_seconds


class BareLoop:
    """`workers` processes, each with one browser that stays up and a fresh context for each picture."""

    name = "bare loop"

    def __init__(self, shots: Sequence[Shot], workers: int, browser: Path) -> None:
        self._shots = shots
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._processes = []
        for number in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, browser), name=f"bare-{number}", daemon=True)
            process.start()
            theirs.close()
            self._ends.append(ours)
            self._processes.append(process)
        for end in self._ends:
            end.recv()  # the browser is up

    def round(self) -> Round:
        cpu_before, started = cpu_seconds(self.pids()), time.perf_counter()
        waiting = list(reversed(self._shots))
        steps: dict[str, float] = defaultdict(float)
        size = 0
        busy: set[Connection] = set()
        for end in self._ends[: len(waiting)]:
            end.send(waiting.pop())
            busy.add(end)
        while busy:
            ready = wait(list(busy))
            for end in [end for end in busy if end in ready]:
                done: tuple[int, dict[str, float]] = end.recv()
                size += done[0]
                for name, taken in done[1].items():
                    steps[name] += taken
                if waiting:
                    end.send(waiting.pop())
                else:
                    busy.remove(end)
        seconds = time.perf_counter() - started
        steps["between pictures"] = seconds * len(self._ends) - sum(steps.values())
        return Round(seconds, len(self._shots), size, cpu_seconds(self.pids()) - cpu_before, dict(steps))

    def pids(self) -> list[int]:
        return [process.pid for process in self._processes if process.pid is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            end.close()
        for process in self._processes:
            process.join()


def _work(end: Connection, executable: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        end.send(None)
        while True:
            try:
                shot: Shot = end.recv()
            except EOFError:
                break
            end.send(_capture(browser, shot))
        browser.close()


def _capture(browser: Browser, shot: Shot) -> tuple[int, dict[str, float]]:
    """Size of the PNG in bytes and seconds by step."""
    times = [time.perf_counter()]
    context = browser.new_context(viewport={"width": shot.width, "height": shot.height})
    page = context.new_page()
    times.append(time.perf_counter())
    page.goto(shot.url, wait_until="load")
    times.append(time.perf_counter())
    devtools = context.new_cdp_session(page)
    content = devtools.send("Page.getLayoutMetrics")["cssContentSize"]
    answer = devtools.send(
        "Page.captureScreenshot",
        {
            "format": "png",
            "optimizeForSpeed": True,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1},
        },
    )
    picture = base64.b64decode(answer["data"])
    times.append(time.perf_counter())
    context.close()
    times.append(time.perf_counter())
    names = ("context", "goto", "capture", "close")
    return len(picture), {name: times[at + 1] - times[at] for at, name in enumerate(names)}
