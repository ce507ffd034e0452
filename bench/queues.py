"""Large runs on both queues: created, dispatched and stopped.

    python bench/queues.py [--rounds 7] [--dispatches 100] [--largest 10000] [--engines sqlite postgresql]

`sqlite` is the queue of an embedded Scene: what creates runs and what takes jobs are threads of one process.
`postgresql` is procrastinate's queue beside the store, and another process takes the jobs. Who takes one opens its
attempt, as a slot does, and captures nothing. Rounds of both take turns.
"""

import argparse
import gc
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

sys.path.append(str(Path(__file__).resolve().parent.parent))

from places.databases import database
from places.taking import LANES, Taker, process_that_takes, queue_on, thread_that_takes

from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.model import new_id
from scene.domain.records import SYSTEM
from scene.domain.runs import RunDraft
from scene.domain.status import Purpose
from scene.domain.stopping import StopMode
from scene.domain.viewport import Viewport
from scene.launch.process import ProcessLauncher
from scene.queue.base import Queue
from scene.queue.local import LocalQueue
from scene.services.runs import Runs
from scene.services.stopping import Stopping
from scene.store.base import Store
from scene.store.sql import SqlStore

SHAPES = ((1, 1), (100, 10), (1_000, 1), (1_000, 10))
"""Tasks, and viewports of each."""
_IDLE_SECONDS = 0.05
"""After which whoever took a job waits for the next one."""


@dataclass(frozen=True)
class Ran:
    create_ms: float
    cpu_ms: float
    """Of the thread that creates the run: what a busy machine does not change."""
    first_ms: float
    """From the request until the first attempt is open."""
    stop_ms: float


@dataclass
class Place:
    """A store with its queue, and somebody who takes jobs."""

    store: Store
    queue: Queue
    taker: Taker

    def describe(self, tasks: int, viewports: int) -> str:
        """The id of a batch."""
        slug = f"bench-{new_id()}"
        project = self.store.projects.create(ProjectDraft(name=slug, slug=slug, base_url="http://localhost"), SYSTEM)
        sizes = [Viewport(width=320 + 100 * number, height=800) for number in range(viewports)]
        entries: list[BatchTask] = []
        for number in range(tasks):
            page = self.store.pages.create(project.id, PageDraft(name=f"Page {number}", url=f"/{number}"), SYSTEM)
            draft = TaskDraft(name=f"Task {number}", page_id=page.id, viewports=sizes)
            entries.append(BatchTask(task_id=self.store.tasks.create(project.id, draft, SYSTEM).id))
        return self.store.batches.create(project.id, BatchDraft(name="All", tasks=entries), SYSTEM).id

    def run(self, batch_id: str, total: int) -> Ran:
        """Created while somebody waits for a job, and stopped at once when the first attempt is open."""
        runs, stopping = Runs(self.store, self.queue, ProcessLauncher({})), Stopping(self.store, self.queue)
        asked, cpu_before = time.monotonic(), time.thread_time()
        run = runs.create(RunDraft(batch_id=batch_id, purpose=Purpose.BASELINE_RECORDING), SYSTEM)
        created, cpu = time.monotonic(), time.thread_time() - cpu_before
        began = self.taker.began_at(run.id)
        told = time.monotonic()
        stopped = stopping.run(run.id, StopMode.HARD, SYSTEM)
        stop_ms = (time.monotonic() - told) * 1_000
        assert stopped.run.status.ended
        assert stopped.run.summary.failed == total
        return Ran((created - asked) * 1_000, cpu * 1_000, (began - asked) * 1_000, stop_ms)

    def dispatch_ms(self, batch_id: str) -> float:
        """From putting the job of a run into the queue, where nothing else is, until its attempt is open."""
        held = LocalQueue()
        run = Runs(self.store, held, ProcessLauncher({})).create(
            RunDraft(batch_id=batch_id, purpose=Purpose.BASELINE_RECORDING), SYSTEM
        )
        job = held.take(LANES, timeout_seconds=0)
        assert job is not None
        time.sleep(_IDLE_SECONDS)
        put = time.monotonic()
        self.queue.put([job])
        began = self.taker.began_at(run.id)
        Stopping(self.store, self.queue).run(run.id, StopMode.HARD, SYSTEM)
        return (began - put) * 1_000


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        places = {name: _place(stack, name) for name in options.engines}
        gc.freeze()  # as `scene serve` does
        print(f"| run | {' | '.join(_titles(name) for name in places)} |")
        print(f"|---|{'---|' * 4 * len(places)}", flush=True)
        for tasks, viewports in SHAPES:
            if tasks * viewports <= options.largest:
                cells = _large(places, tasks, viewports, options.rounds)
                print(f"| {tasks:,} tasks x {viewports} viewports | {' | '.join(cells)} |", flush=True)
        print("\n| from put to begun, nothing else waiting | median ms | p95 ms |\n|---|---|---|")
        for name, times in _idle(places, options.dispatches).items():
            p95 = quantiles(times, n=20, method="inclusive")[-1]
            print(f"| {name}, {len(times)} times | {median(times):.1f} | {p95:.1f} |")


def _titles(name: str) -> str:
    return f"{name}: ms to create (least to most) | CPU ms | ms until the first begins | ms to stop"


def _large(places: dict[str, Place], tasks: int, viewports: int, rounds: int) -> list[str]:
    batches = {name: place.describe(tasks, viewports) for name, place in places.items()}
    ran: dict[str, list[Ran]] = {name: [] for name in places}
    for number in range(rounds + 1):
        for name, place in places.items():
            done = place.run(batches[name], tasks * viewports)
            if number:
                ran[name].append(done)
    cells: list[str] = []
    for mine in ran.values():
        times = sorted(one.create_ms for one in mine)
        cells.append(f"{median(times):.0f} ({times[0]:.0f} to {times[-1]:.0f})")
        cells += [
            f"{median(values):.0f}"
            for values in (
                [one.cpu_ms for one in mine],
                [one.first_ms for one in mine],
                [one.stop_ms for one in mine],
            )
        ]
    return cells


def _idle(places: dict[str, Place], count: int) -> dict[str, list[float]]:
    batches = {name: place.describe(1, 1) for name, place in places.items()}
    times: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(count):
        for name, place in places.items():
            times[name].append(place.dispatch_ms(batches[name]))
    return times


def _place(stack: ExitStack, name: str) -> Place:
    url = stack.enter_context(database(name))
    store = SqlStore(url)
    stack.callback(store.close)
    store.migrate()
    queue = stack.enter_context(queue_on(url))
    taker = stack.enter_context(thread_that_takes(store, queue) if name == "sqlite" else process_that_takes(url))
    return Place(store, queue, taker)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of both queues.")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each size; one more is not counted")
    parser.add_argument("--dispatches", type=int, default=100, help="jobs put into an idle queue")
    parser.add_argument("--largest", type=int, default=10_000, help="executions of the largest run")
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
