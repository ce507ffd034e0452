"""The pages of the web interface, with a long history behind them.

    python bench/web.py [--runs 2000] [--per-run 500] [--baselines 50] [--repeat 40]

Prints how long the application takes for each page, in milliseconds, over SQLite and without a network; and how much
time of the processor, which a busy machine does not lengthen much. The executions of the history have no pictures: what
a viewer of many pictures costs is not in its row. Each batch has baselines of as many pictures as a run has executions.
"""

import argparse
import gc
import itertools
import random
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from fastapi.testclient import TestClient

sys.path.append(str(Path(__file__).resolve().parent.parent))

from history import asking, baselines, fill, stores

from scene.bootstrap import Scene
from scene.server import create_app
from scene.settings import ServerSettings

BATCHES = 20
SAMPLE = 100


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder:
        settings = ServerSettings(data_dir=Path(folder))
        scene = Scene(settings)
        engine = sa.create_engine(settings.effective_database_url)
        project = fill.project(scene.store, "bench")
        batches = fill.batches(scene.store, project, BATCHES, options.per_run)
        runs = list(fill.history(scene.store, engine, batches, options.runs))
        made = [list(baselines.lineage(engine, *pair, options.baselines)) for pair in zip(batches, runs, strict=False)]
        engine.dispose()
        chosen = itertools.cycle(random.Random(7).sample(runs, min(SAMPLE, len(runs))))
        print(f"{options.runs:,} runs, {options.runs * options.per_run:,} executions, ", end="")
        print(f"{len(made) * options.baselines:,} baselines of {options.per_run} pictures\n")
        print("| page | p50 ms | p95 ms | p95 CPU ms |\n|---|---:|---:|---:|")
        with TestClient(create_app(scene.services, settings), base_url="http://127.0.0.1:8000") as client:
            gc.freeze()  # as `scene serve` does
            for title, path in _pages(project.id, batches[0].id, made[0]).items():
                asked = [_milliseconds(client, path.format(run=next(chosen))) for _ in range(options.repeat)]
                took, cpu = ([each[index] for each in asked] for index in (0, 1))
                print(f"| {title} | {asking.p50_and_p95(took)} | {asking.p95(cpu):.1f} |")
        scene.close()


def _pages(project_id: str, batch_id: str, baseline_ids: list[str]) -> dict[str, str]:
    """Title and address; ``{run}`` is another run each time."""
    oldest, newest = baseline_ids[0], baseline_ids[-1]
    return {
        "runs": "/runs",
        "runs: changed": "/runs?verdict=changed",
        "runs: of a project, with a text": f"/runs?project={project_id}&text=release",
        "projects": "/projects",
        "a project": f"/projects/{project_id}",
        "history of a batch": f"/batches/{batch_id}/history",
        "dashboard": "/runs/{run}",
        "dashboard: all": "/runs/{run}?show=all",
        "viewer": "/runs/{run}/viewer?show=all",
        "baselines of a project": f"/projects/{project_id}/baselines",
        "baselines of a batch": f"/batches/{batch_id}/baselines",
        "a baseline": f"/baselines/{newest}",
        "a baseline against its parent": f"/baselines/{newest}/compare",
        "the newest baseline against the oldest": f"/baselines/{newest}/compare?with={oldest}",
    }


def _milliseconds(client: TestClient, path: str) -> tuple[float, float]:
    """By the clock, and of the processor."""
    started, busy = time.perf_counter(), time.process_time()
    response = client.get(path)
    took = (time.perf_counter() - started) * 1_000, (time.process_time() - busy) * 1_000
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}: {response.text[:200]}")
    return took


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmark of the web interface.")
    stores.add_sizes(parser, runs=2_000, repeat=40)
    parser.add_argument("--baselines", type=int, default=50, help="of each batch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
