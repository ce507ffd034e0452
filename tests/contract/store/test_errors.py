"""What a verb says when the database fails."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scene.domain.catalog import ProjectDraft
from scene.errors import Conflict, SetupError, StorageError
from scene.store.sql import SqlStore, database
from scene.store.sql.schema import batch_tasks
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, World


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "oracle+x://y"])
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(SetupError):
        SqlStore(url)


def test_a_folder_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'none' / 'scene.db'}")
    with pytest.raises(StorageError, match="unable to open database file"):
        store.migrate()
    store.close()


def test_a_file_that_is_no_database_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "scene.db"
    path.write_text("This is not a database, but it is long enough to be looked at." * 20)
    store = SqlStore(f"sqlite:///{path}")
    with pytest.raises(StorageError, match="not a database"):
        store.check()
    store.close()


def test_a_database_that_somebody_holds_is_busy(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    path = tmp_path / "scene.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = SqlStore(f"sqlite:///{path}")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="busy"):
        store.executions.admit()
    assert store.settings.get().version == 1
    holder.execute("ROLLBACK")
    holder.close()
    assert store.executions.admit() == []
    store.close()


def test_a_disk_that_is_full_is_said(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "scene.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = SqlStore(f"sqlite:///{path}")
    with store._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # Of this pooled connection, which is the only one.
    draft = ProjectDraft(name="Shop", slug="shop", description="x" * 10_000)
    with pytest.raises(StorageError, match="disk"):
        store.projects.create(draft, ANN)
    assert store.projects.newest(SliceRequest()).items == []
    store.close()


def test_many_rows_that_refer_to_what_is_gone_are_a_conflict(make_url: Callable[[], str]) -> None:
    store = SqlStore(make_url())
    rows = [{"batch_id": "gone", "position": each, "task_id": "gone", "enabled": True} for each in range(100)]
    with pytest.raises(Conflict, match="is gone"), store._database.write() as transaction:
        transaction.insert(batch_tasks, rows)
    store.close()


def test_many_threads_write_without_being_locked_out(world: World) -> None:
    errors: list[Exception] = []

    def write(worker: int) -> None:
        try:
            for index in range(10):
                world.project(f"p{worker}-{index}")
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
