"""``scene migrate``."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Call, scene_command
from tests.contract.store.clusters import database


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with database() as url:
        yield url


def test_a_database_is_made_and_brought_up_to_date(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    for _ in range(2):
        done = call("migrate", "--data-dir", str(folder))
        assert (done.returncode, done.stdout) == (0, f"SQLite {folder / 'scene.db'} is up to date.\n"), done.stderr


def test_several_at_once_do_no_harm(postgres: str) -> None:
    environment = {**os.environ, "SCENE_DATABASE_URL": postgres}
    several = [
        subprocess.Popen(scene_command("migrate"), env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert all("PostgreSQL postgres at " in each.communicate(timeout=120)[0] for each in several)
    assert [each.returncode for each in several] == [0, 0, 0]


def test_a_newer_database_is_refused_and_left_as_it_is(call: Call, tmp_path: Path) -> None:
    call("migrate", "--data-dir", str(tmp_path))
    with sqlite3.connect(tmp_path / "scene.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    for command in ("migrate", "serve"):
        done = call(command, "--data-dir", str(tmp_path))
        assert (done.returncode, done.stdout) == (3, "")
        assert "The database was used by a newer Scene (schema 9999)." in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_that_does_not_answer_is_told_without_its_password(call: Call, tmp_path: Path, command: str) -> None:
    url = "postgresql://ann:secret@127.0.0.1:1/scene"
    done = call(command, "--data-dir", str(tmp_path), SCENE_DATABASE_URL=url, SCENE_PORT="0")
    assert done.returncode == 3
    assert "scene: The database does not answer" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
