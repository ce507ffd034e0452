"""Captures in containers against captures in runner processes, in one run.

    python bench/containers.py [--captures 30]

Needs a container engine with the runner's image (`scene runner build`). Each way captures the same page, two at a time;
ways take turns by the batch. A refill is a container from nothing to a browser that is up.
"""

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from scene.egress.proxy import Egress
from scene.launch.base import Launcher
from scene.launch.docker.engine import Engine
from scene.launch.docker.launcher import DockerLauncher
from scene.launch.docker.options import ContainerOptions, PoolOptions
from scene.launch.process import ProcessLauncher
from scene.settings import ServerSettings
from scene_runner.protocol import CaptureJob, TargetJob

SLOTS = 2
_PAGE = b"<!doctype html><title>Page</title>" + b"<h1>Words</h1><p>Some more of them, in a row.</p>" * 40
_numbers = itertools.count(1)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        self.wfile.write(_PAGE)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of captures in containers.")
    parser.add_argument("--captures", type=int, default=30)
    captures = parser.parse_args().captures
    engine = Engine()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        measure(engine, f"http://127.0.0.1:{server.server_port}/", Path(folder), captures)
        server.shutdown()
    engine.close()


def measure(engine: Engine, url: str, folder: Path, captures: int) -> None:
    def docker(name: str, pool: PoolOptions | None = None, *, reuse: bool = False) -> DockerLauncher:
        options = ContainerOptions(ServerSettings().runner_image, owner=f"bench-{name}", instance="one", reuse=reuse)
        return DockerLauncher(engine, options, Egress(loopback=True), pool)

    process, warm = ProcessLauncher(), docker("warm", PoolOptions(size=SLOTS))
    cold, reusing = docker("cold"), docker("reusing", reuse=True)
    try:
        for launcher in (process, warm):
            batch(launcher, url, folder, SLOTS)
        single: dict[str, list[float]] = {"process": [], "warm": []}
        for _ in range(10):
            single["process"].append(once(process, url, folder))
            warm.pool.wait_until_full(60)
            single["warm"].append(once(warm, url, folder))
        warm.pool.wait_until_full(60)
        took = {
            "process": timed(lambda: batch(process, url, folder, captures)),
            "warm": timed(lambda: batch(warm, url, folder, captures)),
            "reusing": timed(lambda: batch(reusing, url, folder, captures)),
            "cold": timed(lambda: batch(cold, url, folder, captures)),
        }
        refills = warm.pool.refills_ms
    finally:
        for each in (process, warm, cold, reusing):
            each.close()
    report(single, took, refills, captures)


def report(single: dict[str, list[float]], took: dict[str, float], refills: list[float], captures: int) -> None:
    ones = {name: median(times) for name, times in single.items()}
    print("| | process | docker | ratio | to reach |")
    print("|---|---|---|---|---|")
    print(
        f"| one capture, from a pool that is full: ms, median of {len(single['warm'])} | {ones['process'] * 1e3:.0f} "
        f"| {ones['warm'] * 1e3:.0f} | {ones['warm'] / ones['process']:.2f} | 1.4 |"
    )
    rows = {
        "warm": (f"{captures} captures by {SLOTS} slots, used once, {SLOTS} waiting: s", "2.5"),
        "reusing": (f"{captures} captures of one run, its containers reused: s", "1.2"),
        "cold": (f"{captures} captures, used once, none waiting: s", ""),
    }
    for name, (what, to_reach) in rows.items():
        ratio = took[name] / took["process"]
        print(f"| {what} | {took['process']:.1f} | {took[name]:.1f} | {ratio:.2f} | {to_reach} |")
    print(
        f"\nThe pool: {SLOTS} containers; {len(refills)} refills of {min(refills):.0f} to {max(refills):.0f} ms, "
        f"median {median(refills):.0f} ms."
    )


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def once(launcher: Launcher, url: str, folder: Path) -> float:
    job = make_job(url, folder)
    return timed(lambda: capture(launcher, job))


def batch(launcher: Launcher, url: str, folder: Path, captures: int) -> None:
    with ThreadPoolExecutor(SLOTS) as slots:
        list(slots.map(lambda _: capture(launcher, make_job(url, folder)), range(captures)))


def capture(launcher: Launcher, job: CaptureJob) -> None:
    outcome = launcher.run("chromium", job, lambda _: None)
    if outcome.result is None or outcome.result.status != "finished":
        raise SystemExit(f"A capture failed: {outcome}")


def make_job(url: str, folder: Path) -> CaptureJob:
    output = folder / f"job-{next(_numbers)}"
    output.mkdir()
    full = TargetJob("full", "full")
    return CaptureJob(output.name, str(output), url, [full], 1280, 800, group="bench")


if __name__ == "__main__":
    main()
