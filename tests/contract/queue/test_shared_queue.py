"""What the queue in PostgreSQL promises beyond: many processes share it, and any of them may die."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib import resources

import psycopg
import pytest

from scene.errors import SetupError, StorageError
from scene.queue.base import Job
from scene.queue.migrate import conninfo, migrate
from scene.queue.postgres import PostgresQueue
from tests.contract.queue.test_queue import CHROMIUM, job
from tests.contract.store.clusters import cluster, database

TAKER = """
import sys, time
from scene.queue.postgres import PostgresQueue
queue = PostgresQueue(sys.argv[1])
print(queue.take(frozenset({"chromium"}), 30).key, flush=True)
time.sleep(600)
"""


@pytest.fixture
def two(shared_url: str) -> Iterator[tuple[PostgresQueue, PostgresQueue]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(closing(PostgresQueue(shared_url))),
            stack.enter_context(closing(PostgresQueue(shared_url))),
        )


def test_a_job_goes_to_one_of_several(two: tuple[PostgresQueue, PostgresQueue]) -> None:
    first, second = two
    first.put([job(str(number)) for number in range(20)])
    got: list[str] = []

    def take_all(queue: PostgresQueue) -> None:
        while taken := queue.take(CHROMIUM, 0.1):
            got.append(taken.execution_id)
            queue.done(taken)

    takers = [threading.Thread(target=take_all, args=[queue]) for queue in (first, second, first, second)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(30)
    assert sorted(got, key=int) == [str(number) for number in range(20)]


def test_a_waiting_process_is_notified_not_polled_awake(two: tuple[PostgresQueue, PostgresQueue]) -> None:
    first, second = two
    got: list[tuple[Job | None, float]] = []
    taker = threading.Thread(target=lambda: got.append((second.take(CHROMIUM, 30), time.monotonic())))
    taker.start()
    assert second.take(CHROMIUM, 1.5) is None, "by now it listens"
    put_at = time.monotonic()
    first.put([job("a")])
    taker.join(30)
    [(taken, taken_at)] = got
    assert taken == job("a")
    assert taken_at - put_at < 1, "polling alone takes up to five seconds"


def test_what_a_killed_process_held_is_taken_by_another_within_a_minute(shared_url: str) -> None:
    with closing(PostgresQueue(shared_url)) as queue:
        queue.put([job("a")])
        with subprocess.Popen([sys.executable, "-c", TAKER, shared_url], stdout=subprocess.PIPE, text=True) as dead:
            assert dead.stdout is not None
            assert dead.stdout.readline() == "execute:a:1\n"
            dead.kill()
        killed_at = time.monotonic()
        assert queue.take(CHROMIUM, 0.1) is None
        while queue.recover() == 0:
            assert time.monotonic() - killed_at < 50
            time.sleep(0.5)
        assert queue.take(CHROMIUM, 10) == job("a")
        assert time.monotonic() - killed_at < 60


def test_what_the_reconciler_put_again_meanwhile_is_not_there_twice(shared_url: str) -> None:
    with closing(PostgresQueue(shared_url)) as queue:
        queue.put([job("a")])
        queue.take(CHROMIUM, 1)
        queue.put([job("a")])
        with psycopg.connect(conninfo(shared_url)) as connection:
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        assert queue.recover() == 0
        assert queue.depth() == 1


def test_an_outage_is_said_and_survived() -> None:
    with cluster() as own:
        migrate(own.url)
        with closing(PostgresQueue(own.url)) as queue:
            queue.put([job("a"), job("b")])
            held = queue.take(CHROMIUM, 1)
            own.stop()
            queue.put([job("c")])
            queue.done(held)
            with pytest.raises(StorageError, match="does not answer"):
                queue.take(CHROMIUM, 1)
            with pytest.raises(StorageError, match="does not answer"):
                queue.depth()
            own.start()
            deadline = time.monotonic() + 30
            taken: Job | None = None
            while taken is None and time.monotonic() < deadline:
                try:
                    taken = queue.take(CHROMIUM, 1)
                except StorageError:
                    time.sleep(0.2)
            assert taken == job("b")


def test_the_schema_is_made_once_by_several_at_once() -> None:
    with database() as url:
        threads = [threading.Thread(target=migrate, args=[url]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with psycopg.connect(conninfo(url)) as connection:
            assert connection.execute("SELECT count(*) FROM queue_migrations").fetchone()[0] > 30
        with closing(PostgresQueue(url)) as queue:
            queue.put([job("a")])
            assert queue.take(CHROMIUM, 1) == job("a")


def test_an_older_schema_is_brought_up_to_date() -> None:
    """Replayed from procrastinate's first schema, as an upgrade of procrastinate would."""
    first = resources.files("procrastinate.sql") / "migrations" / "00.00.00_01_initial.sql"
    with database() as url:
        with psycopg.connect(conninfo(url)) as connection:
            connection.execute("CREATE TABLE queue_migrations (name text PRIMARY KEY)")
            connection.execute(first.read_text())
            connection.execute("INSERT INTO queue_migrations VALUES (%s)", [first.name])
        migrate(url)
        with closing(PostgresQueue(url)) as queue:
            queue.put([job("a")])
            assert queue.take(CHROMIUM, 1) == job("a")


def test_a_newer_queue_is_refused() -> None:
    with database() as url:
        migrate(url)
        with psycopg.connect(conninfo(url)) as connection:
            connection.execute("INSERT INTO queue_migrations VALUES ('99.00.00_01_new.sql')")
        with pytest.raises(SetupError, match="used by a newer Scene"):
            migrate(url)
