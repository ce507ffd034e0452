"""Every store that must keep the promise, empty and migrated, one after the other."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from scene.store.sql import SqlStore
from scene.store.sql.schema import metadata
from tests.contract.store.clusters import database
from tests.contract.store.world import Clock, World

PUBLIC_URL = "https://scene.example"
MakeUrl = Callable[[], str]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with database() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """A migrated database."""
    store = SqlStore(postgres_server)
    store.migrate()
    store.close()
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> MakeUrl:
    """Each call gives an empty, migrated database; on PostgreSQL it is the same one, emptied."""
    if engine_name == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return lambda: f"sqlite:///{shutil.copy(template, tmp_path / f'{len(list(tmp_path.iterdir()))}.db')}"
    url: str = request.getfixturevalue("postgres_url")

    def emptied() -> str:
        engine = sa.create_engine(url)
        tables = ", ".join(name for name in metadata.tables if name != "settings")
        with engine.begin() as connection:
            # Audit entries are never removed: only a superuser, past every trigger, begins anew.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(f"TRUNCATE {tables}")
            connection.exec_driver_sql("UPDATE settings SET document = '{}', version = 1")
        engine.dispose()
        return url

    return emptied


@pytest.fixture
def make_world(make_url: MakeUrl) -> Iterator[Callable[[], World]]:
    """Worlds of which one is used at a time."""
    with ExitStack() as stack:

        def make() -> World:
            stack.close()
            clock = Clock()
            store = SqlStore(make_url(), clock, PUBLIC_URL)
            stack.callback(store.close)
            return World(store, clock)

        yield make


@pytest.fixture
def world(make_world: Callable[[], World]) -> World:
    return make_world()


@pytest.fixture
def run_python() -> Callable[[str, int], list[str]]:
    """Runs a program in so many processes at once; gives what each complained about."""

    def run(program: str, count: int) -> list[str]:
        command = [sys.executable, "-W", "error", "-c", program]
        processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(count)]
        return [process.communicate()[1] for process in processes]

    return run
