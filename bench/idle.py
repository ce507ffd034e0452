"""An idle Scene: processor time over a minute, of one process and of a server with a worker beside PostgreSQL.

    python bench/idle.py [--seconds 60]

Each captures one page first, so that its browser is up, as it is on a day with little to do. All are measured over the
same time.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))

from loop.rounds import cpu_seconds, proportional_mb

from tests.contract.store.clusters import cluster
from tests.support.describe import Story
from tests.support.server import Server
from tests.support.site import Site
from tests.support.worker import WorkerProcess

_QUIET_SECONDS = 10
"""After a capture, until what it left to do is done."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of an idle Scene.")
    parser.add_argument("--seconds", type=float, default=60, help="how long to watch")
    seconds = parser.parse_args().seconds
    with ExitStack() as stack:
        watched = _start(stack)
        time.sleep(min(_QUIET_SECONDS, seconds))
        before = {name: cpu_seconds(pids) for name, pids in watched.items()}
        time.sleep(seconds)
        spent = {name: cpu_seconds(pids) - before[name] for name, pids in watched.items()}
        print(f"{seconds:g} s, load {os.getloadavg()[0]:.1f}\n\n| what | % of a core | MB |\n|---|---|---|")
        for name, pids in watched.items():
            print(f"| {name} | {spent[name] / seconds * 100:.2f} | {proportional_mb(pids):.0f} |")


def _start(stack: ExitStack) -> dict[str, list[int]]:
    """The processes of each row, whose descendants count too."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scene-bench-")))
    site, postgres = stack.enter_context(Site()), stack.enter_context(cluster())
    shared: dict[str, Any] = {
        "database_url": postgres.url,
        "artifacts_url": (folder / "artifacts").as_uri(),
        "launcher": "process",
    }
    alone = Server(folder / "alone", launcher="process")
    stack.callback(alone.stop)
    server = Server(folder / "server", worker="false", **shared)
    stack.callback(server.stop)
    worker = WorkerProcess(folder / "worker", **shared)
    stack.callback(worker.stop)
    for each in (alone, server):
        story = Story(each.client, site.url)
        run = story.record(story.batch())
        if run["status"] != "finished":
            raise SystemExit(f"The capture did not go well: {run['summary']}")
    return {
        "in process, SQLite: server, worker and browser in one": [alone.process.pid],
        "procrastinate, PostgreSQL: server": [server.process.pid],
        "procrastinate, PostgreSQL: worker with browser": [worker.process.pid],
        "procrastinate, PostgreSQL: the database": [postgres.pid],
    }


if __name__ == "__main__":
    main()
