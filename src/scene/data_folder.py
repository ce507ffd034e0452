"""The folder in which an embedded Scene keeps everything: it belongs to one process."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from scene.errors import SetupError

_LOCK_NAME = "serve.lock"
_OWN_NAMES = ("scene.db*", "artifacts", "work")
"""What the embedded Scene makes in its data folder, beside the lock."""


def open_in(data_dir: Path, name: str) -> IO[bytes]:
    """A file of the data folder, opened to be added to; both are made when missing. Raises SetupError."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / name).open("ab+")
    except OSError as error:
        raise SetupError(f"SCENE_DATA_DIR: the folder {data_dir} cannot be written to: {error.strerror}.") from error


def lock(data_dir: Path) -> IO[bytes]:
    """A data folder belongs to one process: a second one on it is refused."""
    file = open_in(data_dir, _LOCK_NAME)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().decode(errors="replace").strip()
        file.close()
        raise SetupError(
            f"Another Scene (process {holder or 'unknown'}) already serves the data folder {data_dir}. "
            "Stop it, or choose another folder with SCENE_DATA_DIR."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file


def forget(data_dir: Path) -> None:
    """Remove what an earlier Scene left in the folder; the lock stays."""
    clear(*(path for pattern in _OWN_NAMES for path in data_dir.glob(pattern)))


def clear(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
