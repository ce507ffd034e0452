"""What must hold after a campaign, and the numbers that say so."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
import sqlalchemy as sa

from scene.artifacts.blobs import BlobStore
from scene.artifacts.keys import digest_of
from scene.services.sweep import Sweep
from scene.store.sql import SqlStore
from tests.chaos.adopted import lives
from tests.chaos.ground import Ground, temporary
from tests.support.describe import Story
from tests.support.site import Site

_GRACE = timedelta(hours=1)
_RECOVERED_SECONDS = 60
_ENDS = {"finished": "task.finished", "failed": "task.failed"}


def every(story: Story, path: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        answer = story.get(path, limit=100, **cursor)
        yield from answer["items"]
        if answer["next_cursor"] is None:
            return
        cursor = {"cursor": answer["next_cursor"]}


def executions(story: Story, site: Site, run_id: str, total: int) -> dict[str, Any]:
    """Every execution in exactly one final state, none done again after it succeeded, every file intact.

    That nothing was done again the site says too: nobody looked at a page more often than there were attempts.
    """
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    files = 0
    for execution in every(story, f"/api/runs/{run_id}/executions"):
        detail = story.get(f"/api/executions/{execution['id']}")
        statuses[execution["status"]] += 1
        numbers = [each["number"] for each in detail["attempts"]]
        assert numbers == list(range(1, execution["attempt"] + 1)), detail
        *earlier, last = detail["attempts"]
        assert {each["status"] for each in earlier} <= {"failed"}, "done again after it succeeded"
        assert last["status"] == execution["status"] in _ENDS, detail
        reasons.update(each["reason"] for each in detail["attempts"] if each["reason"])
        attempts[urlsplit(detail["configuration"]["url"]).path] += len(numbers)
        if execution["status"] == "finished":
            assert detail["screenshots"], "finished without a picture"
        files += sum(_intact(story, artifact) for artifact in detail["artifacts"])
    assert statuses.total() == total
    visits = Counter(path for path in site.requests if path in attempts)
    assert visits <= attempts, f"looked at more often than tried: {visits - attempts}"
    return {
        "executions": dict(statuses),
        "attempts": attempts.total(),
        "failed_attempts": dict(reasons),
        "visits": visits.total(),
        "files_intact": files,
    }


def _intact(story: Story, artifact: dict[str, Any]) -> bool:
    answer = story.client.get(f"/artifacts/{artifact['id']}/{artifact['name']}")
    assert answer.status_code == 200, (artifact, answer.text[:200])
    assert hashlib.sha256(answer.content).hexdigest() == artifact["sha256"], artifact
    return True


def events(story: Story, ground: Ground, webhook_id: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Every event was recorded as often as it happened, and reached the receiver at least once."""
    recorded = list(every(story, f"/api/webhooks/{webhook_id}/deliveries"))
    assert {each["status"] for each in recorded} == {"succeeded"}
    received = Counter(each.delivery for each in ground.receiver.received)
    lost = [each["id"] for each in recorded if each["id"] not in received]
    assert lost == [], f"{len(lost)} events never came"
    kinds = Counter(each["event_type"] for each in recorded)
    for status, kind in _ENDS.items():
        assert kinds[kind] == counts["executions"].get(status, 0), kinds
    assert kinds["task.started"] == counts["attempts"], kinds
    assert (kinds["run.started"], kinds["run.finished"]) == (1, 1), kinds
    ends = Counter(
        json.loads(each.body)["execution"]["id"]
        for each in {each.delivery: each for each in ground.receiver.received}.values()
        if each.headers["x-scene-event"] in _ENDS.values()
    )
    assert set(ends.values()) == {1}, "an execution ended twice"
    return {"events": dict(kinds), "requests": received.total(), "sent_again": received.total() - len(received)}


def jobs(ground: Ground) -> dict[str, int]:
    """What dead processes had in hand is given back to the queue within half a minute, and needs nobody then."""
    if ground.database is None:
        return {}
    engine = sa.create_engine(ground.database.url)
    try:
        deadline = time.monotonic() + _RECOVERED_SECONDS
        while left := _jobs(engine):
            assert time.monotonic() < deadline, f"{left} jobs are left"
            time.sleep(0.5)
    finally:
        engine.dispose()
    return {"jobs_left": 0}


def processes(ground: Ground, seconds: float = 20) -> dict[str, int]:
    """After everything was stopped: none is left of those that were ever started, nor a temporary file of theirs."""
    _, alive = psutil.wait_procs(list(ground.scene()), timeout=seconds)
    left = [" ".join(each.cmdline())[:200] for each in alive if lives(each)]
    assert left == [], f"still there: {left}"
    files = list(temporary(ground.folder).iterdir())
    assert files == [], f"still there: {files}"
    return {"processes_seen": len(ground.seen), "processes_left": 0}


def containers(ground: Ground) -> dict[str, int]:
    if ground.engine is None:
        return {}
    with pytest.MonkeyPatch.context() as patch:
        engine = ground.engine.client(patch)
        try:
            left = list(engine.containers())
        finally:
            engine.close()
    assert left == [], f"still there: {left}"
    return {"containers_left": 0}


def files(ground: Ground, workers: Iterable[str]) -> dict[str, int]:
    """Two sweeps after the grace: what no row names is gone, nothing else is, and each is what its name says."""
    passed = timedelta()

    def clock() -> datetime:
        return datetime.now(UTC) + passed

    data = ground.disk.folder
    folder = data / "artifacts"
    url = ground.database.url if ground.database else f"sqlite:///{data / 'scene.db'}"
    work_dirs = [ground.folder / name / "work" for name in ("server", *workers)] if ground.database else [data / "work"]
    store = SqlStore(url)
    artifacts = BlobStore(folder.as_uri(), grace=_GRACE, scratch=ground.folder / "scratch", clock=clock)
    swept = 0
    try:
        for _ in range(2):
            passed += timedelta(days=1)
            for work_dir in work_dirs:
                report = Sweep(store, artifacts, work_dir=work_dir, grace=_GRACE, clock=clock).run()
                swept += report.blobs.removed
        there = {path: digest_of(str(path.relative_to(folder))) for path in folder.rglob("*") if path.is_file()}
        broken = [path for path, digest in there.items() if digest != hashlib.sha256(path.read_bytes()).hexdigest()]
        digests = {digest for digest in there.values() if digest}
        orphans = digests - store.artifacts.referenced(digests)
    finally:
        store.close()
    assert broken == [], "neither a whole file nor swept"
    assert orphans == set()
    assert [str(each) for work_dir in work_dirs for each in work_dir.glob("attempt-*")] == []
    return {"blobs": len(digests), "blobs_swept": swept, "blobs_orphaned": 0}


def _jobs(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())
