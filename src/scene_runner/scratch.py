"""Files that nobody may keep as they are: raw recordings, before secrets are taken out of them."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def scratch(name: str) -> Path:
    """A place of this runner's own, gone with it; whether there is anything is for others to say."""
    return Path(os.environ.get("TMPDIR") or tempfile.gettempdir(), "scratch", name)


def empty(name: str) -> None:
    """Remove what is there; the folders stay, since the browser's driver may know of them."""
    for folder, _, files in os.walk(scratch(name)):
        for file in files:
            with suppress(OSError):
                Path(folder, file).unlink()
