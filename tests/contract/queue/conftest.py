"""Every queue that must keep the promise, empty, one after the other."""

from collections.abc import Iterator

import psycopg
import pytest

from scene.queue.base import Queue
from scene.queue.local import LocalQueue
from scene.queue.migrate import conninfo, migrate
from scene.queue.postgres import PostgresQueue
from tests.contract.store.clusters import database


@pytest.fixture(scope="session")
def migrated() -> Iterator[str]:
    with database() as url:
        migrate(url)
        yield url


@pytest.fixture
def shared_url(migrated: str) -> str:
    """Of a database with an empty queue."""
    with psycopg.connect(conninfo(migrated)) as connection:
        connection.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    return migrated


@pytest.fixture(params=["local", "postgresql"])
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    made = LocalQueue() if request.param == "local" else PostgresQueue(request.getfixturevalue("shared_url"))
    yield made
    made.drain()
    made.close()
