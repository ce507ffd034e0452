"""Which browsers are here: an explicit setting, then Playwright's own download, then PATH. Nothing is installed."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scene.launch.base import BrowserState
from scene.launch.runner_environment import runner_environment
from scene_runner.protocol import BrowserChoice

_NAMES_ON_PATH = {
    "chromium": ["chromium-headless-shell", "headless_shell", "chromium", "chromium-browser", "google-chrome"],
    "firefox": ["firefox-esr", "firefox"],
    "webkit": [],  # only Playwright's own build can be driven
}
_HOW_TO_GET = {
    "chromium": "install one with `playwright install chromium-headless-shell`"
    " or your system's package chromium-headless-shell, or name a binary in the settings",
    "firefox": "install one with `playwright install firefox` or your system's package firefox-esr,"
    " or name a binary in the settings",
    "webkit": "install it with `playwright install webkit`; there is no other build that can be driven",
}
# What Playwright launches, and the folder it downloads that to.
_PLAYWRIGHT_FOLDERS = {"chromium": "chromium_headless_shell", "firefox": "firefox", "webkit": "webkit"}
_ASK_SECONDS = 20


class NoBrowser(Exception):
    """The browser cannot be launched here; the message is a sentence that says how to get it."""


@dataclass(frozen=True)
class _Found:
    choice: BrowserChoice
    where: str
    version: Callable[[], str]


class Discovery:
    def __init__(self, executables: dict[str, str], *, sandbox: bool) -> None:
        self._executables = executables
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._playwright_folders: list[Path] | None = None

    def choose(self, browser: str) -> BrowserChoice:
        """How to launch this browser. Raises NoBrowser."""
        return self._find(browser).choice

    def states(self) -> list[BrowserState]:
        states = []
        for name in _NAMES_ON_PATH:
            try:
                found = self._find(name)
            except NoBrowser as missing:
                states.append(BrowserState(name, available=False, detail=str(missing)))
            else:
                detail = f"{found.version()} at {found.where}".strip()
                states.append(BrowserState(name, available=True, detail=detail))
        return states

    def _find(self, browser: str) -> _Found:
        if browser not in _NAMES_ON_PATH:
            raise NoBrowser(f"There is no browser named {browser}.")
        if explicit := self._executables.get(browser):
            return self._at(browser, _usable(browser, explicit))
        if folder := self._downloaded(browser):
            choice = BrowserChoice(browser, sandbox=self._sandbox)
            return _Found(choice, str(folder), lambda: f"Playwright's {folder.name.replace('_', '-')}")
        for name in _NAMES_ON_PATH[browser]:
            if path := shutil.which(name):
                return self._at(browser, path)
        raise NoBrowser(f"{browser} was not found on this machine: {_HOW_TO_GET[browser]}.")

    def _at(self, browser: str, path: str) -> _Found:
        # Firefox as distributed is driven through this channel; Playwright's own build is patched and needs none.
        channel = "moz-firefox" if browser == "firefox" else None
        choice = BrowserChoice(browser, executable=path, channel=channel, sandbox=self._sandbox)
        return _Found(choice, path, lambda: _version(path, Path(path).stat().st_mtime_ns))

    def _downloaded(self, browser: str) -> Path | None:
        """The folder of Playwright's own build, when the download is complete."""
        if not _anything_downloaded():
            return None
        with self._lock:
            if self._playwright_folders is None:
                self._playwright_folders = _ask_playwright()
        for folder in self._playwright_folders:
            name = folder.name.rpartition("-")[0]
            if name == _PLAYWRIGHT_FOLDERS[browser] and (folder / "INSTALLATION_COMPLETE").exists():
                return folder
        return None


def _usable(browser: str, path: str) -> str:
    if not Path(path).is_file():
        raise NoBrowser(f"{browser} is set to {path}, where there is no file.")
    if not os.access(path, os.X_OK):
        raise NoBrowser(f"{browser} is set to {path}, which is not executable.")
    return path


@lru_cache(maxsize=32)
def _version(path: str, _changed_ns: int) -> str:
    """What the binary says of itself; asked again when the file has changed."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ASK_SECONDS,
            check=False,
            env=runner_environment(),
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown version"
    lines = answer.stdout.strip().splitlines()
    return lines[0].strip() if lines else "unknown version"


def _anything_downloaded() -> bool:
    """Spares asking Playwright, which takes a second, where it has never downloaded anything."""
    if "PLAYWRIGHT_BROWSERS_PATH" in os.environ:
        return True
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    places = [cache, Path.home() / "Library" / "Caches", os.environ.get("LOCALAPPDATA") or cache]
    return any(Path(place, "ms-playwright").is_dir() for place in places)


def _ask_playwright() -> list[Path]:
    """Where the runner's Playwright keeps its own builds, downloaded or not: only Playwright knows its revisions."""
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", "playwright", "install", "--dry-run"],
            capture_output=True,
            text=True,
            timeout=_ASK_SECONDS,
            check=False,
            env=runner_environment(),
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [Path(found) for found in re.findall(r"^\s*Install location:\s*(\S.*?)\s*$", answer.stdout, re.MULTILINE)]
