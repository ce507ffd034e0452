"""The store: creating runs, and lists with a long history behind them.

    python bench/store.py [--runs 2000] [--per-run 500] [--repeat 40] [--creations 7] [--engines sqlite postgresql]

Prints one table for each engine, in milliseconds. PostgreSQL is the one of SCENE_TEST_POSTGRES_URL, or a temporary one
of our own, which does not wait for its disk.
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

sys.path.append(str(Path(__file__).resolve().parent.parent))

from history import asking, fill, stores

from scene.domain.catalog import Batch
from scene.domain.filters import EVERY_RUN, ExecutionFilter, RunFilter
from scene.domain.model import utc_now
from scene.domain.runs import Run
from scene.domain.status import Status, Verdict
from scene.store.base import Store
from scene.store.values import SliceRequest

BATCHES = 20
LARGE = 10_000
PAGE = SliceRequest(limit=50)
TILES = SliceRequest(limit=100)

Ask = Callable[[], object]


def main() -> None:
    options = _options()
    for name in options.engines:
        with stores.opened(name) as (store, engine):
            _measure(name, store, engine, options)


def _measure(name: str, store: Store, engine: sa.Engine, options: argparse.Namespace) -> None:
    project = fill.project(store, "bench")
    batches = fill.batches(store, project, BATCHES, options.per_run)
    small, large = (fill.batch(store, project, f"{cells} cells", cells) for cells in (1_000, LARGE))
    rows = [_creation("create a run of 1,000 executions, nothing stored", store, small, options.creations)]
    rows.append(_creation("create a run of 10,000 executions, nothing stored", store, large, options.creations))
    started = time.perf_counter()
    run_ids = list(fill.history(store, engine, batches, options.runs))
    biggest = fill.run(store, large)
    stores.settle(engine)
    filled = time.perf_counter() - started
    stored = options.runs * options.per_run
    rows.append(_creation(f"create a run of 1,000 executions, {stored:,} stored", store, small, options.creations))
    rows.append(_creation(f"create a run of 10,000 executions, {stored:,} stored", store, large, options.creations))
    questions = _of_runs(store, project.id, batches) | _of_executions(store, run_ids, biggest)
    rows += [(title, [asking.milliseconds(ask) for _ in range(options.repeat)]) for title, ask in questions.items()]
    print(f"\n{name}: {options.runs:,} runs, {stored:,} executions (filled in {filled:.0f} s)\n")
    print("| what | p50 ms | p95 ms |\n|---|---:|---:|")
    for title, times in rows:
        print(f"| {title} | {asking.p50_and_p95(times)} |")


def _creation(title: str, store: Store, batch: Batch, count: int) -> tuple[str, list[float]]:
    return title, [asking.milliseconds(lambda: fill.run(store, batch)) for _ in range(count)]


def _of_runs(store: Store, project_id: str, batches: list[Batch]) -> dict[str, Ask]:
    chosen = random.Random(7)
    now = utc_now()
    filters: dict[str, Callable[[], RunFilter]] = {
        "all": lambda: EVERY_RUN,
        "of a project": lambda: RunFilter(project_id=project_id),
        "of a batch": lambda: RunFilter(batch_id=chosen.choice(batches).id),
        "active": lambda: RunFilter(statuses=[Status.QUEUED, Status.EXECUTING]),
        "failed": lambda: RunFilter(statuses=[Status.FAILED]),
        "changed": lambda: RunFilter(verdicts=[Verdict.CHANGED]),
        "of a JIRA issue": lambda: RunFilter(jira_issue=f"SHOP-{chosen.randint(1, 400)}"),
        "of a person": lambda: RunFilter(requested_by=chosen.choice(["ann", "bob"])),
        "of a line": lambda: RunFilter(line="release"),
        "of a day long ago": lambda: RunFilter(
            created_after=now - timedelta(days=60), created_before=now - timedelta(days=59)
        ),
        "with a text, one": lambda: RunFilter(text=f"RELEASE {chosen.randint(100, 999)}"),
        "with a text, none": lambda: RunFilter(text="nothing has this"),
    }
    asks: dict[str, Ask] = {
        f"50 runs: {name}": lambda only=only: store.runs.newest(only(), PAGE)  # type: ignore[misc]
        for name, only in filters.items()
    }
    cursor = None
    for _ in range(30):
        cursor = store.runs.newest(EVERY_RUN, SliceRequest(limit=50, cursor=cursor)).next_cursor or cursor
    deep = SliceRequest(limit=50, cursor=cursor)
    return asks | {"50 runs: thirty pages on": lambda: store.runs.newest(EVERY_RUN, deep)}


def _of_executions(store: Store, run_ids: list[str], biggest: Run) -> dict[str, Ask]:
    chosen = itertools.cycle(random.Random(7).sample(run_ids, min(100, len(run_ids))))
    filters = {
        "all": ExecutionFilter(),
        "changed": ExecutionFilter(verdicts=[Verdict.CHANGED]),
        "failed": ExecutionFilter(statuses=[Status.FAILED]),
    }
    asks: dict[str, Ask] = {"one run with its counts": lambda: store.runs.get(next(chosen))}
    for name, only in filters.items():
        asks[f"100 executions of a run: {name}"] = lambda only=only: store.executions.of_run(  # type: ignore[misc]
            next(chosen), TILES, only
        )
        asks[f"100 executions of a run of 10,000: {name}"] = lambda only=only: store.executions.of_run(  # type: ignore[misc]
            biggest.id, TILES, only
        )
    assert biggest.batch_id
    of_task = ExecutionFilter(task_id=store.batches.get(biggest.batch_id).tasks[-1].task_id)
    asks["100 executions of a run of 10,000: of its last task"] = lambda: store.executions.of_run(
        biggest.id, TILES, of_task
    )
    return asks


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the store.")
    stores.add_sizes(parser, runs=2_000, repeat=40)
    stores.add_engines(parser)
    parser.add_argument("--creations", type=int, default=7, help="how often a run of each size is created")
    return parser.parse_args()


if __name__ == "__main__":
    main()
