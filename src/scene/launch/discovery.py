"""Which browsers are here: an explicit setting, then Playwright's own download, then PATH. Nothing is installed."""

import os
import re
import shutil
import subprocess
import sys
import threading
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
    "chromium": "install one with `scene browsers chromium --install` (by hand: `playwright install"
    " chromium-headless-shell` or your system's package chromium-headless-shell), or name a binary in the settings",
    "firefox": "install one with `scene browsers firefox --install` (by hand: `playwright install firefox`"
    " or your system's package firefox-esr), or name a binary in the settings",
    "webkit": "install it with `scene browsers webkit --install` (by hand: `playwright install webkit`);"
    " there is no other build that can be driven",
}
# The oldest that captured our test pages with this Playwright. Others have not been tried.
_OLDEST = {"chromium": 92}
# What Playwright launches, the folder it downloads that to, and the program in it.
_PLAYWRIGHT_FOLDERS = {"chromium": "chromium_headless_shell", "firefox": "firefox", "webkit": "webkit"}
_PLAYWRIGHT_PROGRAMS = {"chromium": ["*/chrome-headless-shell", "*/headless_shell"], "firefox": ["*/firefox"]}
_ASK_SECONDS = 20


class NoBrowser(Exception):
    """The browser cannot be launched here; the message is a sentence that says how to get it."""


@dataclass(frozen=True)
class FoundBrowser:
    """A browser that starts here."""

    choice: BrowserChoice
    path: str
    version: str
    engine: str
    """As renderers call it: headless shell draws differently from Chromium, a patched Firefox from the ordinary one."""


class _DoesNotStart(Exception):
    """A program did not say its version."""


class Discovery:
    def __init__(self, executables: dict[str, str], *, sandbox: bool) -> None:
        self._executables = executables
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._playwright_folders: list[Path] | None = None

    def choose(self, browser: str) -> BrowserChoice:
        """How to launch this browser. Raises NoBrowser."""
        return self.find(browser).choice

    def is_set(self, browser: str) -> bool:
        """Whether a setting names the binary: no other is looked for then."""
        return bool(self._executables.get(browser))

    def states(self) -> list[BrowserState]:
        states = []
        for name in _NAMES_ON_PATH:
            try:
                found = self.find(name)
            except NoBrowser as missing:
                states.append(BrowserState(name, available=False, detail=str(missing)))
            else:
                states.append(BrowserState(name, available=True, detail=f"{found.version} at {found.path}"))
        return states

    def find(self, browser: str) -> FoundBrowser:
        """Raises NoBrowser."""
        if browser not in _NAMES_ON_PATH:
            raise NoBrowser(f"There is no browser named {browser}.")
        if explicit := self._executables.get(browser):
            found = self._at(browser, _usable(browser, explicit))
            if found is None:
                raise NoBrowser(f"{browser} is set to {explicit}, which does not start: it does not say its version.")
            if old := _too_old(browser, found):
                raise NoBrowser(f"{browser} is set to {explicit}, which is too old: {old}.")
            return found
        if downloaded := self._downloaded(browser):
            return downloaded
        passed_over = ""
        for name in _NAMES_ON_PATH[browser]:
            # Not everything with a browser's name is one: on Ubuntu chromium-browser may be a note about a snap.
            if (path := shutil.which(name)) and (found := self._at(browser, path)):
                old = _too_old(browser, found)
                if old is None:
                    return found
                passed_over = f" ({path} is too old: {old})"
        raise NoBrowser(f"{browser} was not found on this machine{passed_over}: {_HOW_TO_GET[browser]}.")

    def _at(self, browser: str, path: str) -> FoundBrowser | None:
        version = _version_of(path)
        if version is None:
            return None
        # Firefox as distributed is driven through this channel; Playwright's own build is patched and needs none.
        channel = "moz-firefox" if browser == "firefox" else None
        choice = BrowserChoice(browser, executable=path, channel=channel, sandbox=self._sandbox)
        return FoundBrowser(choice, path, version, channel or _engine(browser, path))

    def _downloaded(self, browser: str) -> FoundBrowser | None:
        """Playwright's own build, when the download is complete and the program starts."""
        if not _anything_downloaded():
            return None
        with self._lock:
            if self._playwright_folders is None:
                self._playwright_folders = _ask_playwright()
        choice = BrowserChoice(browser, sandbox=self._sandbox)
        for folder in self._playwright_folders:
            name = folder.name.rpartition("-")[0]
            if name != _PLAYWRIGHT_FOLDERS[browser] or not (folder / "INSTALLATION_COMPLETE").exists():
                continue
            programs = [str(path) for pattern in _PLAYWRIGHT_PROGRAMS.get(browser, []) for path in folder.glob(pattern)]
            if not programs:
                label = f"Playwright's {folder.name.replace('_', '-')}"
                return FoundBrowser(choice, str(folder), label, _engine(browser, folder.name))
            if version := _version_of(programs[0]):
                return FoundBrowser(choice, programs[0], version, _engine(browser, programs[0]))
        return None


def _usable(browser: str, path: str) -> str:
    if not Path(path).is_file():
        raise NoBrowser(f"{browser} is set to {path}, where there is no file.")
    if not os.access(path, os.X_OK):
        raise NoBrowser(f"{browser} is set to {path}, which is not executable.")
    return path


def _too_old(browser: str, found: FoundBrowser) -> str | None:
    """What is wrong with its version, if anything is."""
    major = re.search(r"(\d+)\.", found.version)
    oldest = _OLDEST.get(browser, 0)
    if major is None or int(major[1]) >= oldest:
        return None
    return f"it is {found.version}, and Scene needs {oldest} or newer"


def _engine(browser: str, path: str) -> str:
    shell = browser == "chromium" and re.search(r"headless[-_]shell", Path(path).name)
    return "chromium-headless-shell" if shell else browser


def _version_of(path: str) -> str | None:
    """None when the program does not start."""
    try:
        return _version(path, Path(path).stat().st_mtime_ns)
    except (OSError, _DoesNotStart):
        return None


@lru_cache(maxsize=32)
def _version(path: str, _changed_ns: int) -> str:
    """What the program says of itself; asked again when its file has changed, or when it did not start.

    Raises OSError and _DoesNotStart.
    """
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
    except subprocess.TimeoutExpired:
        return "unknown version"  # of a busy machine
    lines = answer.stdout.strip().splitlines()
    if answer.returncode or not lines or not re.search(r"\d", lines[0]):
        raise _DoesNotStart
    return lines[0].strip()


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
