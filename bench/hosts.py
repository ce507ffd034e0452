"""One, two and three worker hosts, on pages for which the site takes its time.

    python bench/hosts.py [--workers 3] [--pages 24] [--wait 2] [--slots 1] [--rounds 2]

Each `scene worker` is in a network namespace of its own and has a disk of its own; what it has in common with the
server is one PostgreSQL and one S3 server, across a bridge. All of them are up with a browser all the time: a label
says how many take part in a run. Needs root and iproute2.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))

from loop.rounds import cpu_seconds

from tests.contract.store.clusters import cluster
from tests.support.describe import Story, batch_of
from tests.support.hosts import network
from tests.support.s3 import s3_server
from tests.support.server import Server
from tests.support.site import Site
from tests.support.worker import WorkerProcess

_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
_LONGEST_SECONDS = 3_600


@dataclass(frozen=True)
class Carried:
    """A run that was carried out."""

    executions_per_second: float
    load: float
    """Of the machine at its end, over a minute: what else there was to do counts too."""
    cpu_seconds: dict[str, float]
    """For each execution, of each part."""


@dataclass
class Fleet:
    story: Story
    batch: dict[str, Any]
    parts: dict[str, list[int]]
    """The processes of each, whose descendants count too."""

    def carry_out(self, workers: int) -> Carried:
        before = {part: cpu_seconds(pids) for part, pids in self.parts.items()}
        run = self.story.run(self.batch, "baseline_recording", labels={"worker": _label(workers)})
        run = self.story.wait(run, _LONGEST_SECONDS)
        total = run["summary"]["total"]
        if run["summary"]["finished"] != total:
            raise SystemExit(f"The run did not go well: {run['summary']}")
        if (took_part := len({each["worker"] for each in self.story.executions(run)})) != workers:
            raise SystemExit(f"{took_part} workers took part, and {workers} should have.")
        times = [datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at")]
        spent = {part: (cpu_seconds(pids) - before[part]) / total for part, pids in self.parts.items()}
        return Carried(total / (times[1] - times[0]).total_seconds(), os.getloadavg()[0], spent)


def main() -> None:
    options = _options()
    counts = range(1, options.workers + 1)
    with ExitStack() as stack:
        fleet = _start(stack, options)
        fleet.carry_out(options.workers)  # every browser is up
        rounds: list[dict[int, Carried]] = []
        for number in range(options.rounds):
            order = counts if number % 2 == 0 else reversed(counts)
            rounds.append({workers: fleet.carry_out(workers) for workers in order})
    print(f"{options.pages} pages of {options.wait:g} s, {options.slots} slots a worker, {os.cpu_count()} cores\n")
    print(_table(rounds, list(fleet.parts)))


def _table(rounds: list[dict[int, Carried]], parts: list[str]) -> str:
    titles = ["workers", "executions a second", "ratio to one worker", "ratio for each worker"]
    titles += [f"CPU seconds an execution: {part}" for part in parts] + ["load"]
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    for workers in rounds[0]:
        ratio = median(done[workers].executions_per_second / done[1].executions_per_second for done in rounds)
        mine = [done[workers] for done in rounds]
        cells = [f"{workers}", f"{median(each.executions_per_second for each in mine):.2f}"]
        cells += [f"{ratio:.2f}", f"{ratio / workers:.2f}"]
        cells += [f"{median(each.cpu_seconds[part] for each in mine):.2f}" for part in parts]
        cells.append(" ".join(f"{each.load:.1f}" for each in mine))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _start(stack: ExitStack, options: argparse.Namespace) -> Fleet:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="scene-bench-")))
    net = stack.enter_context(network(options.workers, hidden=folder))
    site = stack.enter_context(Site(net.address))
    postgres = stack.enter_context(cluster(address=net.address))
    s3 = stack.enter_context(s3_server(folder, net.address))
    shared: dict[str, Any] = {
        "database_url": postgres.url,
        "artifacts_url": f"s3://{s3.bucket()}",
        "s3_endpoint": s3.endpoint,
        "secret_key": _KEY,
        "launcher": "process",
        "slots": str(options.slots),
        "log_level": "warning",
    }
    server = Server(folder / "server", worker="false", **shared)
    stack.callback(server.stop)
    workers = []
    for number, host in enumerate(net.hosts, 1):
        takes_part = [word for most in range(number, options.workers + 1) for word in ("--label", _label(most))]
        workers.append(WorkerProcess(folder / host.name, *takes_part, within=host.within, **shared))
        stack.callback(workers[-1].stop)
    server.client.patch("/api/settings", json={"concurrency": options.workers * options.slots}).raise_for_status()
    story = Story(server.client, site.url)
    parts = {
        "workers with browsers": [worker.process.pid for worker in workers],
        "server": [server.process.pid],
        "PostgreSQL": [postgres.pid],
        "S3 server": [s3.pid],
    }
    return Fleet(story, batch_of(story, site, options.pages, options.wait), parts)


def _label(workers: int) -> str:
    return f"{workers}-workers"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of worker hosts.")
    parser.add_argument("--workers", type=int, default=3, help="the most at once")
    parser.add_argument("--pages", type=int, default=24, help="pages of a run, a multiple of what goes on at once")
    parser.add_argument("--wait", type=float, default=2, help="seconds that the site takes for a page")
    parser.add_argument("--slots", type=int, default=1, help="executions at once on each worker")
    parser.add_argument("--rounds", type=int, default=2, help="runs with each number of workers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
