"""The campaign's verdict sees what it looks for: each kind of loss is brought about, and found."""

import random
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import verdict
from tests.chaos.campaign import Work, at_work
from tests.support.receiver import Received

_EXECUTIONS = 2


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A run that nothing happened to, and has ended."""
    folder = tmp_path_factory.mktemp("quiet")
    with at_work(folder, shared_database=False, executions=_EXECUTIONS, chance=random.Random(1)) as work:
        while not work.over(_EXECUTIONS):
            pass
        work.delivered()
        yield work


def executions(work: Work) -> dict[str, object]:
    return verdict.executions(work.story, work.ground.site, work.run_id, _EXECUTIONS)


def events(work: Work) -> dict[str, object]:
    return verdict.events(work.story, work.ground, work.webhook_id, executions(work))


def blobs(work: Work) -> Path:
    return work.ground.disk.folder / "artifacts"


def change(work: Work, *statements: str) -> None:
    with sqlite3.connect(work.ground.disk.folder / "scene.db", timeout=30) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_nothing_is_found_where_nothing_happened(work: Work) -> None:
    assert executions(work)["executions"] == {"finished": _EXECUTIONS}
    assert events(work)["sent_again"] == 0


def test_a_file_with_one_other_byte(work: Work) -> None:
    path = next(path for path in blobs(work).rglob("*") if path.is_file())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(AssertionError):
        executions(work)
    path.write_bytes(whole)
    executions(work)


def test_an_execution_that_was_done_again(work: Work) -> None:
    work.ground.site.requests.append("/0")
    with pytest.raises(AssertionError, match="looked at more often"):
        executions(work)
    work.ground.site.requests.append("/elsewhere")
    work.ground.site.requests.remove("/0")
    executions(work)


def test_an_attempt_after_one_that_succeeded(work: Work) -> None:
    change(
        work,
        "CREATE TABLE again AS SELECT * FROM attempts LIMIT 1",
        "UPDATE again SET number = 2",
        "INSERT INTO attempts SELECT * FROM again",
        "UPDATE executions SET attempt = 2 WHERE id = (SELECT execution_id FROM again)",
    )
    with pytest.raises(AssertionError, match="done again after it succeeded"):
        executions(work)
    change(
        work,
        "DELETE FROM attempts WHERE number = 2",
        "UPDATE executions SET attempt = 1",
        "DROP TABLE again",
    )
    executions(work)


def test_an_execution_that_waits(work: Work) -> None:
    change(work, "UPDATE executions SET status = 'queued' WHERE position = 0")
    with pytest.raises(AssertionError):
        executions(work)
    change(work, "UPDATE executions SET status = 'finished'")
    executions(work)


@pytest.mark.parametrize("event", ["run.started", "run.finished", "task.enqueued", "task.started", "task.finished"])
def test_an_event_that_never_came(work: Work, event: str) -> None:
    received = work.ground.receiver.received
    lost = next(each for each in received if each.headers["x-scene-event"] == event)
    received.remove(lost)
    with pytest.raises(AssertionError, match="1 events never came"):
        events(work)
    received.append(lost)
    events(work)


def test_an_end_that_was_told_twice(work: Work) -> None:
    received = work.ground.receiver.received
    told = next(each for each in received if each.headers["x-scene-event"] == "task.finished")
    received.append(Received({**told.headers, "x-scene-delivery": "another"}, told.body))
    with pytest.raises(AssertionError, match="ended twice"):
        events(work)
    received.pop()
    events(work)


def test_what_is_left_behind(work: Work) -> None:
    """Last, for it ends the server: a process that lost its parent, a temporary file, a file that nothing names."""
    here = work.ground
    here.stop()
    verdict.processes(here)
    subprocess.run(["sh", "-c", "sleep 300 &"], check=True)
    with pytest.raises(AssertionError):
        verdict.processes(here, seconds=0.1)
    [orphan] = here.scene()
    orphan.kill()
    verdict.processes(here)
    (left := here.folder / "tmp" / "scene-runner-1").touch()
    with pytest.raises(AssertionError):
        verdict.processes(here)
    left.unlink()
    verdict.files(here, [])
    (half := blobs(work) / "ab" / ("ab" * 32)).parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    change(work, f"UPDATE artifacts SET sha256 = '{half.name}' WHERE rowid = 1")
    with pytest.raises(AssertionError, match="neither a whole file nor swept"):
        verdict.files(here, [])
