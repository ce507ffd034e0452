"""What must hold after a campaign, and the numbers that say so."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from scene.artifacts.blobs import BlobStore
from scene.artifacts.keys import digest_of
from scene.services.sweep import Sweep
from scene.store.sql import SqlStore
from tests.chaos.ground import Ground
from tests.support.describe import Story

_GRACE = timedelta(hours=1)
_ENDS = {"finished": "task.finished", "failed": "task.failed"}


def every(story: Story, path: str) -> Iterator[dict[str, Any]]:
    cursor: dict[str, str] = {}
    while True:
        answer = story.get(path, limit=100, **cursor)
        yield from answer["items"]
        if answer["next_cursor"] is None:
            return
        cursor = {"cursor": answer["next_cursor"]}


def executions(story: Story, run_id: str, total: int) -> dict[str, Any]:
    """Every execution in exactly one final state, none done again after it succeeded, every file intact."""
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    attempts = files = 0
    for execution in every(story, f"/api/runs/{run_id}/executions"):
        detail = story.get(f"/api/executions/{execution['id']}")
        statuses[execution["status"]] += 1
        numbers = [each["number"] for each in detail["attempts"]]
        assert numbers == list(range(1, execution["attempt"] + 1)), detail
        *earlier, last = detail["attempts"]
        assert {each["status"] for each in earlier} <= {"failed"}, "done again after it succeeded"
        assert last["status"] == execution["status"] in _ENDS, detail
        reasons.update(each["reason"] for each in detail["attempts"] if each["reason"])
        attempts += len(numbers)
        if execution["status"] == "finished":
            assert detail["screenshots"], "finished without a picture"
        files += sum(_intact(story, artifact) for artifact in detail["artifacts"])
    assert statuses.total() == total
    return {"executions": dict(statuses), "attempts": attempts, "failed_attempts": dict(reasons), "files_intact": files}


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


def processes(ground: Ground) -> dict[str, int]:
    """After everything was stopped: none is left of those that were ever started."""
    _, alive = psutil.wait_procs(ground.ended, timeout=20)
    orphans = [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
    assert orphans == [], orphans
    return {"processes_seen": len(ground.ended), "processes_left": 0}


def containers(ground: Ground) -> dict[str, int]:
    if ground.engine is None:
        return {}
    with pytest.MonkeyPatch.context() as patch:
        engine = ground.engine.client(patch)
        try:
            left = list(engine.containers())
        finally:
            engine.close()
    assert left == [], left
    return {"containers_left": 0}


def blobs(ground: Ground, url: str, folder: Path, work_dirs: list[Path]) -> dict[str, int]:
    """Two sweeps after the grace: what no row names is gone, and nothing else is."""
    passed = timedelta()

    def clock() -> datetime:
        return datetime.now(UTC) + passed

    store = SqlStore(url)
    artifacts = BlobStore(folder.as_uri(), grace=_GRACE, scratch=ground.folder / "scratch", clock=clock)
    swept = 0
    try:
        for _ in range(2):
            passed += timedelta(days=1)
            for work_dir in work_dirs:
                report = Sweep(store, artifacts, work_dir=work_dir, grace=_GRACE, clock=clock).run()
                swept += report.blobs.removed
        there = {digest for path in folder.rglob("*") if path.is_file() and (digest := _digest(path, folder))}
        strange = [str(path) for path in folder.rglob("*") if path.is_file() and not _digest(path, folder)]
        orphans = there - store.artifacts.referenced(there)
    finally:
        store.close()
    assert (orphans, strange) == (set(), [])
    assert [str(each) for work_dir in work_dirs for each in work_dir.glob("attempt-*")] == []
    return {"blobs": len(there), "blobs_swept": swept, "blobs_orphaned": 0}


def _digest(path: Path, folder: Path) -> str | None:
    return digest_of(str(path.relative_to(folder)))
