"""One campaign, from the first page to the verdict."""

import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos import verdict
from tests.chaos.blows import Blows
from tests.chaos.ground import Ground, ground, make_pages
from tests.support.describe import DESKTOP, QUICK, Story
from tests.support.own_engine import OwnEngine

_EVENTS = [
    "run.started",
    "run.finished",
    "task.enqueued",
    "task.started",
    "task.finished",
    "task.failed",
    "task.retry_enqueued",
]
_VIEWPORTS = 6
WORKERS = ("worker-1", "worker-2", "worker-3")


def campaign(
    folder: Path,
    *,
    shared_database: bool,
    executions: int,
    seed: int,
    pause: tuple[float, float],
    blows: int | None = None,
    engine: OwnEngine | None = None,
    seconds: float = 1_800,
) -> dict[str, Any]:
    """pause: seconds between two blows, from and to. blows: so many, then none; without, until the end.

    Raises AssertionError for what is lost, doubled or left.
    """
    chance = random.Random(seed)
    begun = time.monotonic()
    with ground(folder, shared_database=shared_database, engine=engine) as here:
        here.start_server()
        for name in WORKERS if shared_database else ():
            here.start_worker(name)
        story, run, webhook = _begin(here, executions, chance)
        struck = Blows(here, chance)
        for _ in range(blows or 0):
            time.sleep(chance.uniform(*pause))
            struck.strike()
        last_blow = datetime.now(UTC)
        until = time.monotonic() + seconds
        while _run(here, story, run)["status"] in ("queued", "executing"):
            assert time.monotonic() < until, _run(here, story, run)["summary"]
            time.sleep(chance.uniform(*pause))
            if blows is None:
                struck.strike()
                last_blow = datetime.now(UTC)
        struck.settle()
        ended = datetime.fromisoformat(_run(here, story, run)["finished_at"])
        took = time.monotonic() - begun
        here.ask(lambda story: _delivered(story, webhook), story, 300)
        counts = verdict.executions(story, run["id"], executions)
        numbers = counts | verdict.events(story, here, webhook, counts)
        here.stop()
        here.server, here.workers = None, {}
        numbers |= verdict.processes(here) | verdict.containers(here) | _blobs(here)
    assert blows is None or last_blow < ended, "the blows came after the run"
    return {"seed": seed, "seconds": round(took), "blows": dict(struck.counts), **numbers}


def _begin(here: Ground, executions: int, chance: random.Random) -> tuple[Story, dict[str, Any], str]:
    assert here.server
    story = Story(here.server.client, here.site.url)
    changes = {"attempts": 10, "concurrency": 6, "retry_backoff_seconds": 0.5, "retry_backoff_max_seconds": 2}
    answer = story.client.patch("/api/settings", json=changes)
    assert answer.status_code == 200, answer.text
    webhook = story.post("/api/webhooks", endpoint_url=here.receiver.url, event_types=_EVENTS)
    width, height = DESKTOP["width"], DESKTOP["height"]
    viewports = [{"width": width - number, "height": height} for number in range(_VIEWPORTS)]
    paths = make_pages(here.site, -(-executions // _VIEWPORTS), chance)
    tasks = [
        story.task(
            story.page(path), viewports=viewports[: min(_VIEWPORTS, executions - number * _VIEWPORTS)], capture=QUICK
        )
        for number, path in enumerate(paths)
    ]
    return story, story.run(story.batch(*tasks)), webhook["id"]


def _run(here: Ground, story: Story, run: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = here.ask(lambda story: story.get(f"/api/runs/{run['id']}"), story)
    return found


def _delivered(story: Story, webhook_id: str) -> None:
    statuses = [each["status"] for each in verdict.every(story, f"/api/webhooks/{webhook_id}/deliveries")]
    assert "pending" not in statuses, f"{statuses.count('pending')} events are on their way"


def _blobs(here: Ground) -> dict[str, int]:
    if here.database:
        folders = [here.folder / name / "work" for name in ("server", *WORKERS)]
        return verdict.blobs(here, here.database.url, here.disk.folder / "artifacts", folders)
    data = here.disk.folder
    return verdict.blobs(here, f"sqlite:///{data / 'scene.db'}", data / "artifacts", [data / "work"])
