"""One campaign, from the first page to the verdict."""

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
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
_PATIENCE_SECONDS = 30
WORKERS = ("worker-1", "worker-2", "worker-3")


def campaign(
    folder: Path,
    *,
    shared_database: bool,
    executions: int,
    seed: int,
    between: tuple[int, int],
    blows: int | None = None,
    engine: OwnEngine | None = None,
) -> dict[str, Any]:
    """between: how many executions end from one blow to the next, at least and at most. blows: so many, then none;
    without, until the end.

    Raises AssertionError for what is lost, doubled or left, and when nothing that was in hand was struck.
    """
    chance = random.Random(seed)
    with at_work(folder, shared_database, executions, chance, engine) as work, ThreadPoolExecutor() as coming_back:
        begun = time.monotonic()
        struck = Blows(work.ground, chance, coming_back)
        every_kind = {kind.__name__.removeprefix("_") for kind in struck.kinds()}
        while blows is None or struck.counts.total() < blows:
            if work.over(chance.randint(*between)):
                break
            time.sleep(chance.uniform(0, 2))
            struck.strike()
        assert blows is None or struck.counts.total() == blows, "the run was over too soon"
        while not work.over(executions):
            pass
        ended = time.monotonic()
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

    def over(self, more: int) -> bool:
        """Waits until so many more executions have ended, or for half a minute. Whether the run is over."""
        aim, until = self._ended() + more, time.monotonic() + _PATIENCE_SECONDS
        while self._ended() < aim and time.monotonic() < until:
            if self._run()["status"] not in ("queued", "executing"):
                return True
            time.sleep(0.2)
        return False

    def _assert_delivered(self, story: Story) -> None:
        statuses = [each["status"] for each in verdict.every(story, f"/api/webhooks/{self.webhook_id}/deliveries")]
        assert "pending" not in statuses, f"{statuses.count('pending')} events are on their way"

    def _ended(self) -> int:
        summary = self._run()["summary"]
        return int(summary["finished"] + summary["failed"])

    def _run(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ground.ask(lambda story: story.get(f"/api/runs/{self.run_id}"), self.story)
        return found

    def delivered(self) -> None:
        """Waits until every event has been."""
        self.ground.ask(self._assert_delivered, self.story, _DELIVERED_SECONDS)

    def judge(self) -> dict[str, Any]:
        """When everything is done, and every process that should be there is; it stops them."""
        here, story = self.ground, self.story
        self.delivered()
        counts = verdict.executions(story, here.site, self.run_id, self.executions)
        numbers = counts | verdict.events(story, here, self.webhook_id, counts) | verdict.jobs(here)
        here.stop()
        return numbers | verdict.containers(here) | verdict.processes(here) | verdict.files(here, WORKERS)


@contextmanager
def at_work(
    folder: Path, shared_database: bool, executions: int, chance: random.Random, engine: OwnEngine | None = None
) -> Iterator[Work]:
    with ground(folder, shared_database=shared_database, engine=engine) as here:
        here.start_server()
        for name in WORKERS if shared_database else ():
            here.start_worker(name)
        assert here.server
        story = Story(here.server.client, here.site.url)
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
