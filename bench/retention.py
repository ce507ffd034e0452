"""What retention would let go of a project with a long history: the preview, which also tells how large it is.

    python bench/retention.py [--runs 200] [--per-run 500] [--baselines 50] [--references] [--repeat 20]
        [--engines sqlite postgresql]

Prints how long it takes, in milliseconds. One execution in a hundred changed, and has files of its own. PostgreSQL is
that of SCENE_TEST_POSTGRES_URL, or a temporary one of our own, which does not wait for its disk.
"""

import argparse
import gc
import sys
import time
from pathlib import Path
from statistics import median, quantiles

import sqlalchemy as sa

sys.path.append(str(Path(__file__).resolve().parent.parent))

from history import baselines, captures, fill
from places.databases import database

from scene.domain.retention import LISTED, RetentionPolicy
from scene.store.base import Store
from scene.store.sql import SqlStore

POLICIES = {
    "no limit": RetentionPolicy(),
    "the newest 50 runs": RetentionPolicy(runs=50),
    "at most 100 MB": RetentionPolicy(max_mb=100),
}


def main() -> None:
    options = _options()
    print("| engine | policy | goes | GB in all | p50 ms | p95 ms |\n|---|---|---|---|---:|---:|")
    for name in options.engines:
        with database(name) as url:
            store, engine = SqlStore(url), sa.create_engine(url)
            store.migrate()
            _measure(name, store, engine, options)
            engine.dispose()
            store.close()


def _measure(name: str, store: Store, engine: sa.Engine, options: argparse.Namespace) -> None:
    project = fill.project(store, "bench")
    batch = fill.batch(store, project, "all", options.per_run)
    run_ids = list(fill.history(store, engine, [batch], options.runs))
    first, *_ = list(baselines.lineage(engine, batch, run_ids[0], options.baselines))
    captures.capture(engine, run_ids, first, references=options.references)
    if name == "postgresql":
        with engine.begin() as connection:  # what its autovacuum does in time
            connection.exec_driver_sql("ANALYZE")
    gc.freeze()  # as `scene serve` does
    for title, policy in POLICIES.items():
        plan = store.retention.plan(project.id, policy, LISTED)
        goes, size = f"{plan.runs:,} runs, {plan.baselines:,} baselines", f"{plan.size / 1e9:.1f}"
        took = [_milliseconds(store, project.id, policy) for _ in range(options.repeat)]
        p95 = quantiles(took, n=20, method="inclusive")[-1]
        print(f"| {name} | {title} | {goes} | {size} | {median(took):.1f} | {p95:.1f} |", flush=True)


def _milliseconds(store: Store, project_id: str, policy: RetentionPolicy) -> float:
    started = time.perf_counter()
    store.retention.plan(project_id, policy, LISTED)
    return (time.perf_counter() - started) * 1_000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the preview of retention.")
    parser.add_argument("--runs", type=int, default=200, help="runs in the history")
    parser.add_argument("--per-run", type=int, default=500, help="executions of each, a multiple of 50")
    parser.add_argument("--baselines", type=int, default=50, help="baselines of them")
    parser.add_argument("--references", action="store_true", help="every picture is compared with a reference too")
    parser.add_argument("--repeat", type=int, default=20, help="how often each is asked for")
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
