"""A Chromium that Scene can drive: found if there is one, else installed.

The order is that of scene.launch.discovery: an explicit setting, Playwright's own, one on the PATH; then Playwright's
download, then Debian's package.
"""

import os
import re
import shutil
from pathlib import Path

import apt
import python
from place import LOG, REQUIREMENTS, ROOT, STAMPS, VENV, CommandFailedError, SetupError, digest, once, run, say

PLAYWRIGHT = "chromium-headless-shell"
PACKAGE = "chromium-headless-shell"
ON_PATH = ("chromium-headless-shell", "headless_shell", "chromium", "chromium-browser", "google-chrome")
MISSING = """no Chromium was found, and none could be installed. One of these helps:
    .venv/bin/playwright install --with-deps chromium-headless-shell    (needs its download site; asks for sudo)
    sudo apt-get install chromium-headless-shell                        (Debian; on Ubuntu take the line above)
    export SCENE_CHROMIUM=/path/to/chromium                             (one that you have)
  then start again. Everything else is ready."""


IMPATIENT = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
# The path that the last set-up found: while it exists, nothing is looked for again.
NOTE = STAMPS / "chromium-path"


def chromium() -> bool:
    key = digest(REQUIREMENTS / "dev.txt") + os.environ.get("SCENE_CHROMIUM", "") + python.identity()
    words = "Looking for Chromium"
    return once("chromium", key, still_there=_noted_one_exists, words=words, action=_find_or_install)


def _noted_one_exists() -> bool:
    return NOTE.is_file() and Path(NOTE.read_text()).is_file()


def _find_or_install() -> None:
    path = _explicit() or _playwrights() or _on_path() or _install()
    if path is None:
        raise SetupError(MISSING)
    say(f"    {path}")
    NOTE.write_text(path)


def _starts(path: Path | str) -> str | None:
    """The path when that program says its version. Ubuntu's chromium-browser, say, may be a note about snap."""
    try:
        said = run([path, "--version"], timeout_seconds=30)
    except (CommandFailedError, OSError):
        return None
    return str(path) if re.search(r"\d+\.\d+", said) else None


def _explicit() -> str | None:
    setting = os.environ.get("SCENE_CHROMIUM")
    if not setting:
        return None
    if not _starts(setting):
        raise SetupError(f"SCENE_CHROMIUM is {setting}, and that does not start. Correct or unset it.")
    return setting


def _playwrights() -> str | None:
    said = run([VENV / "bin/playwright", "install", "--dry-run", PLAYWRIGHT], timeout_seconds=60)
    for folder in re.findall(r"Install location:\s+(\S.*)", said):
        programs = [*Path(folder).glob("*/chrome-headless-shell"), *Path(folder).glob("*/headless_shell")]
        for program in programs:
            if _starts(program):
                return str(program)
    return None


def _on_path() -> str | None:
    found = (shutil.which(name) for name in ON_PATH)
    return next((path for path in found if path and _starts(path)), None)


def _install() -> str | None:
    return _download() or (_from_debian() if apt.possible() else None)


def _download() -> str | None:
    """Playwright's build. The libraries it needs come by apt, which only root may use without being asked."""
    say("    none found: trying Playwright's download")
    playwright = VENV / "bin/playwright"
    try:
        run([playwright, "install", PLAYWRIGHT], timeout_seconds=600, extra=IMPATIENT)
    except CommandFailedError:
        say(f"    it cannot be had from here (the reason is in {LOG.relative_to(ROOT)})")
        return None
    if _playwrights() is None and apt.possible():
        try:
            run([playwright, "install-deps", PLAYWRIGHT], timeout_seconds=900)
        except CommandFailedError:
            say(f"    the libraries it needs could not be installed (the reason is in {LOG.relative_to(ROOT)})")
    return _playwrights()


def _from_debian() -> str | None:
    try:
        apt.install(PACKAGE)
    except CommandFailedError:
        say(f"    apt-get could not (the reason is in {LOG.relative_to(ROOT)})")
        return None
    return _on_path()
