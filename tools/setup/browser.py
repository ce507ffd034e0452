"""A Chromium that Scene can drive: found if there is one, else installed. Scene itself knows how."""

import json
import os
from pathlib import Path

import python
from place import LOG, REQUIREMENTS, ROOT, STAMPS, VENV, CommandFailedError, SetupError, digest, once, run, say

MISSING = """no Chromium was found, and none could be installed. One of these helps:
    .venv/bin/playwright install --with-deps chromium-headless-shell    (needs its download site; asks for sudo)
    sudo apt-get install chromium-headless-shell                        (Debian; on Ubuntu take the line above)
    export SCENE_CHROMIUM=/path/to/chromium                             (one that you have)
  then start again. Everything else is ready."""
COMMAND = (VENV / "bin/python", "-m", "scene", "browsers", "chromium")
# The path that the last set-up found: while it exists, nothing is looked for again.
NOTE = STAMPS / "chromium-path"


def chromium() -> bool:
    key = digest(REQUIREMENTS / "dev.txt") + os.environ.get("SCENE_CHROMIUM", "") + python.identity()
    words = "Looking for Chromium"
    return once("chromium", key, still_there=_noted_one_exists, words=words, action=_find_or_install)


def _noted_one_exists() -> bool:
    return NOTE.is_file() and Path(NOTE.read_text()).exists()


def _find_or_install() -> None:
    path = _find() or _install()
    if path is None:
        raise SetupError(MISSING)
    say(f"    {path}")
    NOTE.write_text(path)


def _find() -> str | None:
    try:
        found = json.loads(run([*COMMAND, "--json"], timeout_seconds=120))
    except CommandFailedError:
        return None
    return str(found["browsers"][0]["path"])


def _install() -> str | None:
    if setting := os.environ.get("SCENE_CHROMIUM"):
        raise SetupError(f"SCENE_CHROMIUM is {setting}, and that does not start. Correct or unset it.")
    say("    none found: trying Playwright's download, then the system's package")
    try:
        run([*COMMAND, "--install"], timeout_seconds=3_600)
    except CommandFailedError:
        say(f"    neither could be had from here (the reasons are in {LOG.relative_to(ROOT)})")
        return None
    return _find()
