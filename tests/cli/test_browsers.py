"""``scene browsers``, on machines that have this or that."""

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.cli.conftest import Call

APT = """#!/bin/sh
case "$*" in *install*)
    printf '#!/bin/sh\\necho Chromium 120.2\\n' > {folder}/chromium-headless-shell
    /bin/chmod +x {folder}/chromium-headless-shell
esac
"""


class Machine:
    """A folder that is the whole PATH; Playwright's downloads are out of reach."""

    def __init__(self, folder: Path, call: Call) -> None:
        self.folder = folder
        self._call = call

    def put(self, name: str, script: str) -> Path:
        program = self.folder / name
        program.write_text(script)
        program.chmod(0o755)
        return program

    def browsers(self, *arguments: str, **environment: str) -> CompletedProcess[str]:
        surroundings = {
            "PATH": str(self.folder),
            "HOME": str(self.folder),
            "PLAYWRIGHT_BROWSERS_PATH": str(self.folder / "own"),
            "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        }
        return self._call("browsers", *arguments, **{**surroundings, **environment})


@pytest.fixture
def machine(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in ("SCENE_CHROMIUM", "SCENE_FIREFOX", "SCENE_WEBKIT", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return Machine(tmp_path, call)


def lines(done: CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in json.loads(done.stdout)["browsers"]}


def test_what_is_here_and_how_to_get_the_rest(machine: Machine) -> None:
    program = machine.put("chromium-headless-shell", "#!/bin/sh\necho Chromium 120.2\n")
    done = machine.browsers("--json")
    assert done.returncode == 0, "Chromium is all that Scene needs"
    found = lines(done)
    assert found["chromium"] == {
        "name": "chromium",
        "available": True,
        "version": "Chromium 120.2",
        "engine": "chromium-headless-shell",
        "path": str(program),
        "missing": None,
    }
    assert [found[name]["available"] for name in ("firefox", "webkit")] == [False, False]
    assert "scene browsers firefox --install" in found["firefox"]["missing"]


def test_every_browser_named_must_be_here(machine: Machine) -> None:
    machine.put("chromium", "#!/bin/sh\necho Chromium 120.2\n")
    machine.put("firefox", "#!/bin/sh\necho Mozilla Firefox 150.0\n")
    both = machine.browsers("chromium", "firefox", "--json")
    assert both.returncode == 0
    assert [line["engine"] for line in lines(both).values()] == ["chromium", "moz-firefox"]
    table = machine.browsers("firefox", "webkit")
    assert table.returncode == 3
    assert "Mozilla Firefox 150.0" in table.stdout
    assert "missing" in table.stdout


def test_a_missing_one_is_installed_as_far_as_this_user_may(machine: Machine) -> None:
    machine.put("apt-get", APT.format(folder=machine.folder))
    done = machine.browsers("--install", "chromium", "--json")
    assert "chromium: trying Playwright's download." in done.stderr
    assert "That failed: " in done.stderr
    if os.geteuid() == 0:
        assert "trying the system's package chromium-headless-shell." in done.stderr
        assert (done.returncode, lines(done)["chromium"]["version"]) == (0, "Chromium 120.2")
    else:
        assert done.returncode == 3
        assert "by hand: " in lines(done)["chromium"]["missing"]


def test_what_cannot_be_had_says_how_else(machine: Machine) -> None:
    done = machine.browsers("--install", "webkit", "--json")
    assert done.returncode == 3
    assert "there is no other build that can be driven" in lines(done)["webkit"]["missing"]
    assert "Traceback" not in done.stderr


def test_nothing_is_installed_beside_a_setting(machine: Machine) -> None:
    done = machine.browsers("--install", "--json", SCENE_CHROMIUM=str(machine.folder / "nowhere"))
    assert (done.returncode, done.stderr) == (3, "")
    assert "where there is no file" in lines(done)["chromium"]["missing"]


def test_a_browser_that_nobody_knows_is_refused(machine: Machine) -> None:
    done = machine.browsers("opera")
    assert (done.returncode, done.stdout) == (3, "")
    assert "'opera' is not one of" in done.stderr
