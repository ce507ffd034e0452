"""The audit log at the command line, beside a server or without."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Call

KEPT = "The newest: "


@pytest.fixture
def scene_dir(tmp_path: Path, call: Call) -> str:
    for name in ("one", "two", "three"):
        assert call("tokens", "create", name, "--data-dir", str(tmp_path)).returncode == 0
    return str(tmp_path)


def change(scene_dir: str, statement: str) -> None:
    connection = sqlite3.connect(Path(scene_dir) / "scene.db", isolation_level=None)
    for name in ("updated", "deleted"):
        connection.execute(f"DROP TRIGGER audit_never_{name}")
    connection.execute(statement)
    connection.close()


def test_an_unchanged_log_is_verified_again_and_again(scene_dir: str, call: Call) -> None:
    first = call("audit", "verify", "--data-dir", scene_dir)
    assert (first.returncode, first.stdout[:14]) == (0, "All 3 entries "), first.stderr
    kept = first.stdout.strip().partition(KEPT)[2]
    call("tokens", "revoke", "two", "--data-dir", scene_dir)
    again = call("audit", "verify", "--expect", kept, "--data-dir", scene_dir)
    assert (again.returncode, again.stdout[:14]) == (0, "All 4 entries ")


def test_the_first_broken_entry_is_named(scene_dir: str, call: Call) -> None:
    change(scene_dir, "UPDATE audit SET actor_id = 'nobody' WHERE seq >= 2")
    found = call("audit", "verify", "--data-dir", scene_dir)
    assert found.returncode == 1
    assert found.stdout.startswith("Entry 2 (")
    assert "is not as it was written" in found.stdout
    report = json.loads(call("audit", "verify", "--json", "--data-dir", scene_dir).stdout)
    assert (report["ok"], report["entries"], report["broken"]["seq"]) == (False, 1, 2)


def test_what_was_cut_off_is_found_by_who_kept_the_end(scene_dir: str, call: Call) -> None:
    kept = call("audit", "verify", "--data-dir", scene_dir).stdout.strip().partition(KEPT)[2]
    change(scene_dir, "DELETE FROM audit WHERE seq = 3")
    assert call("audit", "verify", "--data-dir", scene_dir).returncode == 0
    found = call("audit", "verify", "--expect", kept, "--data-dir", scene_dir)
    assert (found.returncode, found.stdout) == (1, "Entry 3 is missing. The 2 before it are as they were written.\n")


def test_entries_are_listed_and_exported(scene_dir: str, call: Call) -> None:
    call("tokens", "revoke", "two", "--data-dir", scene_dir)
    assert "token.revoked" in call("audit", "list", "--action", "token.revoked", "--data-dir", scene_dir).stdout
    lines = call("audit", "export", "--action", "token.created", "--data-dir", scene_dir).stdout.splitlines()
    assert [json.loads(line)["seq"] for line in lines] == [1, 2, 3]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "--expect", "3"), "--expect: must be NUMBER:DIGEST"),
        (("list", "--action", "Everything"), "action: must be like run.created"),
        (("export", "--after", "soon"), "after"),
    ],
)
def test_what_is_asked_wrongly_is_said(scene_dir: str, call: Call, words: tuple[str, ...], said: str) -> None:
    answer = call("audit", *words, "--data-dir", scene_dir)
    assert answer.returncode == 3
    assert said in answer.stderr


def test_without_a_scene_it_says_so(tmp_path: Path, call: Call) -> None:
    answer = call("audit", "verify", "--data-dir", str(tmp_path))
    assert (answer.returncode, "there is no Scene" in answer.stderr) == (3, True)
