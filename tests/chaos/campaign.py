"""One campaign, from the first page to the verdict."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
_DELIVERED_SECONDS = 300
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
    seconds: float = 3_600,
) -> dict[str, Any]:
    """pause: seconds between two blows, from and to. blows: so many, then none; without, until the end.

    Raises AssertionError for what is lost, doubled or left, and when nothing that was done came at a bad moment.
    """
    chance = random.Random(seed)
    with at_work(folder, shared_database, executions, chance, engine) as work, ThreadPoolExecutor() as coming_back:
        here, begun = work.ground, time.monotonic()
        struck = Blows(here, chance, coming_back)
        every_kind = {kind.__name__.removeprefix("_") for kind in struck.kinds()}
        last_blow = datetime.now(UTC)
        while work.run()["status"] in ("queued", "executing"):
            assert time.monotonic() < begun + seconds, work.run()["summary"]
            time.sleep(chance.uniform(*pause))
            if blows is None or struck.counts.total() < blows:
                struck.strike()
                last_blow = datetime.now(UTC)
        ended = time.monotonic()
        assert blows is None or last_blow < datetime.fromisoformat(work.run()["finished_at"]), "blows after the run"
        struck.settle()
        numbers = work.judge()
        took = {"run": round(ended - begun), "and_events": round(time.monotonic() - begun)}
    assert struck.counts.keys() == every_kind, "too short to be struck by everything"
    assert numbers["attempts"] > executions, "nothing that was in hand was struck"
    return {"seed": seed, "seconds": took, "blows": dict(struck.counts), **numbers}


@dataclass
class Work:
    """A run under way, and a webhook that hears of it."""

    ground: Ground
    story: Story
    run_id: str
    webhook_id: str
    executions: int

    def run(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ground.ask(lambda story: story.get(f"/api/runs/{self.run_id}"), self.story)
        return found

    def judge(self) -> dict[str, Any]:
        """When everything is done, and every process that should be there is; it stops them."""
        here, story = self.ground, self.story
        here.ask(self._delivered, story, _DELIVERED_SECONDS)
        counts = verdict.executions(story, here.site, self.run_id, self.executions)
        numbers = counts | verdict.events(story, here, self.webhook_id, counts) | verdict.jobs(here)
        here.stop()
        return numbers | verdict.processes(here) | verdict.containers(here) | verdict.files(here, WORKERS)

    def _delivered(self, story: Story) -> None:
        statuses = [each["status"] for each in verdict.every(story, f"/api/webhooks/{self.webhook_id}/deliveries")]
        assert "pending" not in statuses, f"{statuses.count('pending')} events are on their way"


@contextmanager
def at_work(
    folder: Path, shared_database: bool, executions: int, chance: random.Random, engine: OwnEngine | None = None
) -> Iterator[Work]:
    with ground(folder, shared_database=shared_database, engine=engine) as here:
        here.start_server()
        for name in WORKERS if shared_database else ():
            here.start_worker(name)
        assert here.server
        story = Story(here.server.client, here.site.url)  # type: ignore[arg-type]
        changes = {"attempts": 10, "concurrency": 6, "retry_backoff_seconds": 0.5, "retry_backoff_max_seconds": 2}
        answer = story.client.patch("/api/settings", json=changes)
        assert answer.status_code == 200, answer.text
        webhook = story.post("/api/webhooks", endpoint_url=here.receiver.url, event_types=_EVENTS)
        run = story.run(story.batch(*_tasks(here, story, executions, chance)))
        yield Work(here, story, run["id"], webhook["id"], executions)


def _tasks(here: Ground, story: Story, executions: int, chance: random.Random) -> list[dict[str, Any]]:
    """Of a page in several widths each: so many executions together."""
    width, height = DESKTOP["width"], DESKTOP["height"]
    viewports = [{"width": width - number, "height": height} for number in range(_VIEWPORTS)]
    paths = make_pages(here.site, -(-executions // _VIEWPORTS), chance)
    return [
        story.task(
            story.page(path), viewports=viewports[: min(_VIEWPORTS, executions - number * _VIEWPORTS)], capture=QUICK
        )
        for number, path in enumerate(paths)
    ]
