"""The schema is brought up to date, by whoever comes first."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import make_url

from scene.domain.catalog import ProjectDraft
from scene.domain.records import SYSTEM
from scene.errors import SetupError, StorageError
from scene.services.audit import Audit
from scene.store.sql import SqlStore, migrations
from scene.store.sql.schema import metadata
from scene.store.sql.schema.runs import executions
from tests.contract.store import clusters


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of a database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'scene.db'}"
        return
    with clusters.database_on(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def engine(empty_url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(empty_url)
    yield engine
    engine.dispose()


def migrate(url: str) -> None:
    store = SqlStore(url)
    try:
        store.migrate()
        store.check()
    finally:
        store.close()


def upgrade(engine: sa.Engine, revision: str) -> None:
    """As an older Scene left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def at_once(count: int, act: Callable[[], None]) -> list[BaseException]:
    """What went wrong when so many threads did the same at the same moment."""
    errors: list[BaseException] = []
    gate = threading.Barrier(count)

    def one() -> None:
        gate.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_migrations_build_what_the_schema_says(empty_url: str, engine: sa.Engine) -> None:
    migrate(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_partial_indexes_hold_what_the_schema_says(empty_url: str, engine: sa.Engine) -> None:
    """Alembic does not compare their conditions."""
    migrate(empty_url)
    option = f"{engine.dialect.name}_where"
    found = {index["name"]: index for index in sa.inspect(engine).get_indexes("executions")}
    for index in executions.indexes:
        condition = index.dialect_options[engine.dialect.name]["where"]
        stored = found[index.name].get("dialect_options", {}).get(option)
        assert (condition is None) == (stored is None), index.name


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)


def test_servers_may_start_at_once(empty_url: str) -> None:
    assert at_once(6, lambda: migrate(empty_url)) == []


def test_entries_of_before_the_chain_are_in_it(empty_url: str, engine: sa.Engine) -> None:
    upgrade(engine, "0007")
    insert = sa.text(
        "INSERT INTO audit (id, occurred_at, actor_type, actor_id, address, action, targets, data) "
        "VALUES (:id, :at, 'user', 'ann', '192.0.2.1', 'run.created', :targets, :data)"
    )
    zone = "+00" if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        for number in range(1_200):
            at = f"2026-03-01 12:00:00{'.25' if number % 2 else ''}{zone}"
            row = {
                "id": f"{number:04}",
                "at": at,
                "targets": '["run:x"]',
                "data": '{"n": 1.0, "s": 0.0000001, "t": "\u00fc"}',
            }
            connection.execute(insert, row)
    migrate(empty_url)
    store = SqlStore(empty_url)
    store.records.note(SYSTEM, "access.refused", [], {})
    verified = Audit(store).verify()
    store.close()
    assert (verified.broken, verified.head.seq) == (None, 1_201)


def test_a_new_file_may_be_opened_while_another_writes_to_it(tmp_path: Path) -> None:
    """Switching it to write-ahead logging knows no waiting: whoever loses must ask again."""
    holder = sqlite3.connect(tmp_path / "scene.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, holder.execute, ["ROLLBACK"])
    release.start()
    store = SqlStore(f"sqlite:///{tmp_path / 'scene.db'}")
    store.check()
    release.join()
    holder.close()
    store.close()


def test_processes_may_start_at_once(empty_url: str, run_python: Callable[[str, int], list[str]]) -> None:
    program = f"from scene.store.sql import SqlStore\ns = SqlStore({empty_url!r})\ns.migrate()\ns.check()\ns.close()"
    assert run_python(program, 4) == [""] * 4


def test_the_database_of_a_newer_scene_is_refused(empty_url: str, engine: sa.Engine) -> None:
    migrate(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupError, match=r"newer Scene \(schema 9999\)"):
        migrate(empty_url)


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE deliveries (other INTEGER)")
    with pytest.raises(StorageError):
        migrate(empty_url)
    assert set(sa.inspect(engine).get_table_names()) == {"deliveries"}


def test_a_database_that_was_never_migrated_says_so(empty_url: str) -> None:
    store = SqlStore(empty_url)
    with pytest.raises(StorageError, match="not set up"):
        store.settings.get()
    store.close()


def test_secrets_of_the_url_are_not_told() -> None:
    url = make_url("postgresql+psycopg://ann:secret@127.0.0.1:1/scene").render_as_string(hide_password=False)
    store = SqlStore(url)
    with pytest.raises(StorageError) as caught:
        store.check()
    assert "secret" not in caught.value.message
    store.close()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://ann:secret@db.example:5433/scene?password=secret", "PostgreSQL scene at db.example:5433"),
        ("postgresql+psycopg://ann@/scene?host=/run/pg", "PostgreSQL scene at /run/pg"),
        ("postgresql://ann@/scene", "PostgreSQL scene at this machine"),
        ("sqlite:////data/scene.db", "SQLite /data/scene.db"),
    ],
)
def test_a_store_says_which_database_it_is(url: str, place: str) -> None:
    store = SqlStore(url)
    assert store.place == place
    store.close()


def test_a_database_that_was_made_without_an_encoding_will_do(postgres_server: str) -> None:
    """As ``initdb`` makes it on a machine without a locale."""
    with clusters.database_on(postgres_server, "SQL_ASCII") as url:
        store = SqlStore(url)
        store.migrate()
        made = store.projects.create(ProjectDraft(name="Läden 店", slug="shops"), SYSTEM)
        assert store.projects.get(made.id).name == "Läden 店"
        store.close()
