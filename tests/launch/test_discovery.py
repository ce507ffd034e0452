"""Which browser is chosen, and what is said when there is none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scene.launch.base import BrowserState, Ending
from scene.launch.discovery import Discovery, NoBrowser
from tests.launch.conftest import MakeJob, MakeLauncher


@pytest.fixture
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH; Playwright has downloaded nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    return folder


def put(folder: Path, name: str, version: str = "Browser 1") -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return program


def test_the_headless_shell_is_preferred_on_the_path(empty_machine: Path) -> None:
    put(empty_machine, "google-chrome")
    assert Discovery({}, sandbox=True).choose("chromium").executable == str(empty_machine / "google-chrome")
    put(empty_machine, "chromium-headless-shell")
    assert Discovery({}, sandbox=True).choose("chromium").executable == str(empty_machine / "chromium-headless-shell")


def test_a_setting_comes_first(empty_machine: Path) -> None:
    put(empty_machine, "chromium-headless-shell")
    mine = put(empty_machine, "my-browser")
    assert Discovery({"chromium": str(mine)}, sandbox=True).choose("chromium").executable == str(mine)


def test_a_distributions_firefox_is_driven_through_its_own_channel(empty_machine: Path) -> None:
    put(empty_machine, "firefox-esr")
    choice = Discovery({}, sandbox=True).choose("firefox")
    assert (choice.executable, choice.channel) == (str(empty_machine / "firefox-esr"), "moz-firefox")


def test_the_version_and_the_place_are_told(empty_machine: Path) -> None:
    shell = put(empty_machine, "chromium-headless-shell", "Chromium 120.2.3")
    states = Discovery({}, sandbox=True).states()
    assert BrowserState("chromium", available=True, detail=f"Chromium 120.2.3 at {shell}") in states


def test_a_browser_that_is_not_here_comes_with_a_way_to_get_it(empty_machine: Path) -> None:
    details = [(state.available, state.detail) for state in Discovery({}, sandbox=True).states()]
    assert [available for available, _ in details] == [False, False, False]
    assert all("playwright install" in detail for _, detail in details)


def test_a_setting_that_names_no_program_is_an_error(empty_machine: Path) -> None:
    (empty_machine / "text").write_text("words")
    with pytest.raises(NoBrowser, match="where there is no file"):
        Discovery({"chromium": str(empty_machine / "nothing")}, sandbox=True).choose("chromium")
    with pytest.raises(NoBrowser, match="not executable"):
        Discovery({"chromium": str(empty_machine / "text")}, sandbox=True).choose("chromium")


def test_a_program_that_is_no_browser_is_unavailable(make_launcher: MakeLauncher, job: MakeJob, tmp_path: Path) -> None:
    launcher = make_launcher(executables={"chromium": str(put(tmp_path, "not-a-browser"))})
    outcome = launcher.run("chromium", job("/normal"), lambda _: None)
    assert outcome.ending is Ending.UNAVAILABLE
    assert "not-a-browser" in outcome.message


def test_what_does_not_start_is_passed_over(empty_machine: Path) -> None:
    put(empty_machine, "chromium-headless-shell", "not installed; exit 1")
    put(empty_machine, "chromium", "this is only a note about a snap")
    real = put(empty_machine, "google-chrome", "Chrome 120.2")
    assert Discovery({}, sandbox=True).choose("chromium").executable == str(real)


def test_a_program_that_starts_later_is_found_then(empty_machine: Path) -> None:
    discovery = Discovery({}, sandbox=True)
    put(empty_machine, "chromium", "no; exit 1")
    with pytest.raises(NoBrowser):
        discovery.choose("chromium")
    put(empty_machine, "chromium", "Chromium 120.2")
    assert discovery.find("chromium").version == "Chromium 120.2"


def test_playwrights_own_comes_before_the_path_when_it_is_complete_and_starts(
    empty_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    on_path = put(empty_machine, "chromium-headless-shell", "Chromium 120.2")
    command = [sys.executable, "-m", "playwright", "install", "--dry-run", "chromium-headless-shell"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    folder = Path(next(place for place in re.findall(r"Install location:\s+(\S+)", said) if "chromium" in place))
    (folder / "chrome-linux").mkdir(parents=True)
    discovery = Discovery({}, sandbox=True)

    program = put(folder / "chrome-linux", "chrome-headless-shell", "error while loading shared libraries; exit 127")
    assert discovery.find("chromium").path == str(on_path), "not complete"
    (folder / "INSTALLATION_COMPLETE").touch()
    assert discovery.find("chromium").path == str(on_path), "does not start"
    put(folder / "chrome-linux", "chrome-headless-shell", "Chromium 2.0")
    found = discovery.find("chromium")
    assert (found.path, found.version, found.engine) == (str(program), "Chromium 2.0", "chromium-headless-shell")
    assert found.choice.executable is None, "Playwright knows where its own build is"


def test_a_browser_that_is_too_old_says_so(empty_machine: Path) -> None:
    old = put(empty_machine, "old", "Chromium 85.0.4183.83")
    with pytest.raises(NoBrowser, match=r"too old: it is Chromium 85\.0\.4183\.83, and Scene needs \d+ or newer"):
        Discovery({"chromium": str(old)}, sandbox=True).choose("chromium")
    put(empty_machine, "chromium", "Chromium 85.0.4183.83")
    (state,) = [state for state in Discovery({}, sandbox=True).states() if state.name == "chromium"]
    assert not state.available
    assert "too old" in state.detail
    assert "playwright install" in state.detail
    newer = put(empty_machine, "google-chrome", "Google Chrome 120.0.1")
    assert Discovery({}, sandbox=True).choose("chromium").executable == str(newer)
