"""Create a large run on SQLite, and how soon its first attempt starts.

    python bench/create_run.py [--rounds 7]

The worker of this benchmark takes the first job and opens its attempt, as a slot does, and captures nothing.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.model import utc_now
from scene.domain.records import Actor
from scene.domain.runs import RunDraft
from scene.domain.status import Purpose
from scene.domain.viewport import Browser, Viewport
from scene.launch.process import ProcessLauncher
from scene.queue.base import Job
from scene.queue.local import LocalQueue
from scene.services.runs import Runs
from scene.store.base import Store
from scene.store.sql import SqlStore

_BY = Actor(type="system", id="bench")
_LANES = frozenset(browser.value for browser in Browser)
_LEASE_SECONDS = 600

SHAPES = ((1, 1), (100, 10), (1_000, 1))
"""Tasks, and viewports of each."""


@dataclass(frozen=True)
class Created:
    create_ms: float
    cpu_ms: float
    """Of the thread that creates the run: what a busy machine does not change."""
    dispatch_ms: float
    """From the job's arrival in the queue to its opened attempt."""


class _TimedQueue(LocalQueue):
    put_at = 0.0

    def put(self, jobs: list[Job]) -> None:
        self.put_at = time.perf_counter()
        super().put(jobs)


def main() -> None:
    parser = argparse.ArgumentParser(description="Benchmark of creating runs.")
    parser.add_argument("--rounds", type=int, default=7, help="runs of each size; the first is not counted")
    rounds = parser.parse_args().rounds
    print("| run | ms to create (median, least to most) | CPU ms | ms for each execution | ms to dispatch the first |")
    print("|---|---|---|---|---|")
    for tasks, viewports in SHAPES:
        done = [_create(tasks, viewports) for _ in range(rounds + 1)][1:]
        times = sorted(one.create_ms for one in done)
        print(
            f"| {tasks:,} tasks x {viewports} viewports | {median(times):.0f} ({times[0]:.0f} to {times[-1]:.0f}) "
            f"| {median(one.cpu_ms for one in done):.0f} "
            f"| {median(times) / tasks / viewports:.2f} | {median(one.dispatch_ms for one in done):.1f} |",
            flush=True,
        )


def _create(tasks: int, viewports: int) -> Created:
    """In a new database, while a worker waits for a job."""
    with _store() as store:
        batch_id = _describe(store, tasks, viewports)
        queue = _TimedQueue()
        started_at: list[float] = []
        worker = threading.Thread(target=_take_one, args=(store, queue, started_at))
        worker.start()
        before, cpu_before = time.perf_counter(), time.thread_time()
        draft = RunDraft(batch_id=batch_id, purpose=Purpose.BASELINE_RECORDING)
        run = Runs(store, queue, ProcessLauncher({})).create(draft, _BY)
        after, cpu_after = time.perf_counter(), time.thread_time()
        worker.join()
        assert run.summary.total == tasks * viewports
        cpu_ms = (cpu_after - cpu_before) * 1_000
        return Created((after - before) * 1_000, cpu_ms, (started_at[0] - queue.put_at) * 1_000)


def _take_one(store: Store, queue: LocalQueue, started_at: list[float]) -> None:
    job = queue.take(_LANES, timeout_seconds=60)
    assert job is not None
    work = store.executions.start(job.execution_id, job.attempt, "bench", _LEASE_SECONDS)
    assert work is not None
    started_at.append(time.perf_counter())


@contextmanager
def _store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'scene.db'}", utc_now, "http://localhost")
        store.migrate()
        try:
            yield store
        finally:
            store.close()


def _describe(store: Store, tasks: int, viewports: int) -> str:
    project = store.projects.create(ProjectDraft(name="Bench", slug="bench", base_url="http://localhost"), _BY)
    sizes = [Viewport(width=320 + 100 * number, height=800) for number in range(viewports)]
    entries: list[BatchTask] = []
    for number in range(tasks):
        page = store.pages.create(project.id, PageDraft(name=f"Page {number}", url=f"/{number}"), _BY)
        draft = TaskDraft(name=f"Task {number}", page_id=page.id, viewports=sizes)
        entries.append(BatchTask(task_id=store.tasks.create(project.id, draft, _BY).id))
    return store.batches.create(project.id, BatchDraft(name="All", tasks=entries), _BY).id


if __name__ == "__main__":
    main()
