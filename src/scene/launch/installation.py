"""Get a browser that is missing: Playwright's own download, then the system's package where nobody need be asked."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from scene.launch.discovery import Discovery, FoundBrowser, NoBrowser

_PLAYWRIGHTS = {"chromium": "chromium-headless-shell", "firefox": "firefox", "webkit": "webkit"}
_PACKAGES = {"chromium": "chromium-headless-shell", "firefox": "firefox-esr"}
_ENVIRONMENT = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000", "DEBIAN_FRONTEND": "noninteractive"}
_PATIENCE = ("-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=120")
_TIMEOUT_SECONDS = 900

Say = Callable[[str], None]


def install(discovery: Discovery, browser: str, say: Say) -> FoundBrowser:
    """The browser, found or installed; takes minutes. say hears what is tried, and why it failed. Raises NoBrowser."""
    if discovery.is_set(browser):
        return discovery.find(browser)
    with suppress(NoBrowser):
        return discovery.find(browser)
    as_root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    say(f"{browser}: trying Playwright's download.")
    if _playwright(say, "install", _PLAYWRIGHTS[browser]):
        with suppress(NoBrowser):
            return discovery.find(browser)
        if as_root:
            # What is downloaded does not start without libraries of the system.
            _playwright(say, "install-deps", _PLAYWRIGHTS[browser])
            with suppress(NoBrowser):
                return discovery.find(browser)
    if as_root and browser in _PACKAGES:
        say(f"{browser}: trying the system's package {_PACKAGES[browser]}.")
        _done(say, ["apt-get", *_PATIENCE, "update", "-q"])
        _done(say, ["apt-get", *_PATIENCE, "install", "-q", "-y", "--no-install-recommends", _PACKAGES[browser]])
    return discovery.find(browser)


def _playwright(say: Say, *arguments: str) -> bool:
    return _done(say, [sys.executable, "-P", "-m", "playwright", *arguments])


def _done(say: Say, command: list[str]) -> bool:
    """Whether the command did its work. Its whole process group ends with it or with its time."""
    environment = {**os.environ, **_ENVIRONMENT}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,  # so that nothing can stop and ask
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=_TIMEOUT_SECONDS)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                say(f"  It did not end within {_TIMEOUT_SECONDS} seconds.")
                return False
            raise
    if process.returncode:
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        say(f"  That failed: {_telling(lines)}")
    return process.returncode == 0


def _telling(lines: list[str]) -> str:
    """The line that says why: the first that speaks of an error, else the last."""
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "it does not say why.")
