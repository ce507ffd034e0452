"""Who may come in, said at the command line, beside a server or before the first one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.support.server import Server

PASSWORD = "correct horse battery"


def scene(data_dir: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCENE_DATA_DIR": str(data_dir), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "scene", *words]
    return subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)


def test_the_first_person_is_an_administrator_and_closes_the_server(tmp_path: Path) -> None:
    server = Server(tmp_path)
    try:
        assert server.client.get("/api/projects").status_code == 200
        added = scene(tmp_path, "users", "add", "Ann", given=f"{PASSWORD}\n")
        assert added.returncode == 0, added.stderr
        assert "role admin" in added.stdout
        assert server.client.get("/api/projects").status_code == 401
        token = scene(tmp_path, "tokens", "create", "ci", "--scope", "write", "--user", "ann").stdout.strip()
        shown = {"Authorization": f"Bearer {token}"}
        assert server.client.get("/api/me", headers=shown).json()["scope"] == "write"
        assert scene(tmp_path, "tokens", "revoke", "ci").returncode == 0
        assert server.client.get("/api/me", headers=shown).status_code == 401
    finally:
        server.stop()


def test_a_session_is_known_to_whichever_server_is_asked(tmp_path: Path) -> None:
    """Nothing that it needs is in the memory of the one that opened it."""
    scene(tmp_path, "users", "add", "ann", given=f"{PASSWORD}\n")
    first = Server(tmp_path)
    try:
        origin = {"Origin": first.url}
        answer = first.client.post("/sign-in", data={"name": "ann", "password": PASSWORD}, headers=origin)
        cookie = answer.headers["set-cookie"].partition(";")[0]
    finally:
        first.stop()
    second = Server(tmp_path)
    try:
        me = httpx2.get(f"{second.url}/api/me", headers={"Cookie": cookie})
        assert me.json()["name"] == "ann"
    finally:
        second.stop()


def test_people_are_listed_changed_and_given_passwords(tmp_path: Path) -> None:
    scene(tmp_path, "users", "add", "ann", given=f"{PASSWORD}\n")
    scene(tmp_path, "users", "add", "bob", "--role", "read", "--no-password")
    assert scene(tmp_path, "users", "set", "bob", "--disable").stdout.startswith("bob may not come in")
    listed = json.loads(scene(tmp_path, "users", "list", "--json").stdout)
    assert [(user["name"], user["role"], user["enabled"]) for user in listed] == [
        ("bob", "read", False),
        ("ann", "admin", True),
    ]
    assert scene(tmp_path, "users", "password", "ann", given="a new horse battery\n").returncode == 0


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    for words, given, said in (
        (("users", "add", "ann"), "short\n", "password: must have at least 12 characters"),
        (("users", "add", "Ann Smith"), f"{PASSWORD}\n", "name: must be 1 to 100 letters"),
        (("users", "password", "nobody"), f"{PASSWORD}\n", "There is no user 'nobody'"),
        (("tokens", "revoke", "nothing"), "", "There is no token 'nothing'"),
        (("tokens", "create", "x", "--scope", "everything"), "", "everything"),
    ):
        result = scene(tmp_path, *words, given=given)
        assert result.returncode == 3, words
        assert said in result.stderr, result.stderr
        assert "Traceback" not in result.stderr
