"""Which browser is chosen, and what is said when there is none."""

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
    shell = put(empty_machine, "chromium-headless-shell", "Chromium 1.2.3")
    states = Discovery({}, sandbox=True).states()
    assert BrowserState("chromium", available=True, detail=f"Chromium 1.2.3 at {shell}") in states


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
