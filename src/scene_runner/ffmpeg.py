"""The program that Playwright records videos with: its own build, or the system's under the name it looks for."""

import json
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

import playwright

HOW_TO_GET = "install ffmpeg (apt-get install ffmpeg)"
_PROGRAMS = {"linux": "ffmpeg-linux", "darwin": "ffmpeg-mac"}


def lend_system_ffmpeg(folder: Path) -> None:
    """Where Playwright has no ffmpeg of its own, let it find the system's, by a link in this folder.

    For a browser that is launched by its path only: Playwright looks for its own builds in the same place. To be called
    before Playwright starts.
    """
    system = shutil.which("ffmpeg")
    name = _name()
    if name is None or system is None or _playwrights_own(name).exists():
        return
    link = folder / name
    link.parent.mkdir(parents=True)
    link.symlink_to(system)
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)


def available() -> bool:
    name = _name()
    return name is not None and _playwrights_own(name).exists()


def _playwrights_own(name: str) -> Path:
    place = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if place == "0":
        return _package() / ".local-browsers" / name
    if place:
        return Path(place, name)
    home = Path.home()
    cache_folder = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or cache_folder, "ms-playwright", name)


@cache
def _name() -> str | None:
    """Such as ``ffmpeg-1011/ffmpeg-linux``; none where Playwright says no revision, or on other systems."""
    program = _PROGRAMS.get(sys.platform)
    try:
        known: list[dict[str, Any]] = json.loads((_package() / "browsers.json").read_text())["browsers"]
        revision = next(str(each["revision"]) for each in known if each["name"] == "ffmpeg")
    except (OSError, ValueError, KeyError, StopIteration):
        return None
    return f"ffmpeg-{revision}/{program}" if program else None


def _package() -> Path:
    return Path(playwright.__file__).parent / "driver" / "package"
