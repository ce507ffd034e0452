"""What retention would let go of a project with a long history: the preview, which also tells how large it is.

    python bench/retention.py [--runs 200] [--per-run 500] [--baselines 50] [--references] [--repeat 20]
        [--engines sqlite postgresql]

Prints how long it takes, in milliseconds. One execution in a hundred changed, and has files of its own. PostgreSQL is
that of SCENE_TEST_POSTGRES_URL, or a temporary one of our own, which does not wait for its disk.
"""

import argparse
import gc
import sys
from pathlib import Path

import sqlalchemy as sa

sys.path.append(str(Path(__file__).resolve().parent.parent))

from history import asking, baselines, captures, fill, stores

from scene.domain.retention import LISTED, RetentionPolicy
from scene.store.base import Store

POLICIES = {
    "no limit": RetentionPolicy(),
    "the newest 50 runs": RetentionPolicy(runs=50),
    "at most 100 MB": RetentionPolicy(max_mb=100),
}


def main() -> None:
    options = _options()
    print("| engine | policy | goes | GB in all | p50 ms | p95 ms |\n|---|---|---|---|---:|---:|")
    for name in options.engines:
        with stores.opened(name) as (store, engine):
            _measure(name, store, engine, options)


def _measure(name: str, store: Store, engine: sa.Engine, options: argparse.Namespace) -> None:
    project = fill.project(store, "bench")
    batch = fill.batch(store, project, "all", options.per_run)
    run_ids = list(fill.history(store, engine, [batch], options.runs))
    first, *_ = list(baselines.lineage(engine, batch, run_ids[0], options.baselines))
    captures.capture(engine, run_ids, first, references=options.references)
    stores.settle(engine)
    gc.freeze()  # as `scene serve` does
    for title, policy in POLICIES.items():
        plan = store.retention.plan(project.id, policy, LISTED)
        goes, size = f"{plan.runs:,} runs, {plan.baselines:,} baselines", f"{plan.size / 1e9:.1f}"
        times = [_milliseconds(store, project.id, policy) for _ in range(options.repeat)]
        print(f"| {name} | {title} | {goes} | {size} | {asking.p50_and_p95(times)} |", flush=True)


def _milliseconds(store: Store, project_id: str, policy: RetentionPolicy) -> float:
    return asking.milliseconds(lambda: store.retention.plan(project_id, policy, LISTED))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the preview of retention.")
    stores.add_sizes(parser, runs=200, repeat=20)
    stores.add_engines(parser)
    parser.add_argument("--baselines", type=int, default=50, help="baselines of them")
    parser.add_argument("--references", action="store_true", help="every picture is compared with a reference too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
