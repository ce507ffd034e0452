"""A log of one job: JSON lines, written as they come, so that a runner that is killed leaves what it has."""

import json
from pathlib import Path
from typing import Any, BinaryIO

MAX_LINES = 2_000
MAX_BYTES = 1_000_000


class LogFile:
    """Past its bounds only the fact that there was more is kept."""

    def __init__(self, path: Path, more: str) -> None:
        """``more`` is the sentence of the last line when something was left out."""
        self.full = False
        self._path = path
        self._more = more
        self._file: BinaryIO | None = None
        self._lines = 0
        self._bytes = 0
        self._problem: OSError | None = None

    def add(self, entry: dict[str, Any]) -> None:
        """Never raises: the page that made the entry must not suffer from a full disk."""
        if self.full:
            return
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        self._lines += 1
        self._bytes += len(line)
        if self._lines > MAX_LINES or self._bytes > MAX_BYTES:
            self.full = True
            line = json.dumps({"at_ms": entry.get("at_ms"), "type": "scene", "text": self._more}).encode() + b"\n"
        try:
            if self._file is None:
                self._file = self._path.open("wb", buffering=0)
            self._file.write(line)
        except OSError as error:
            self.full, self._problem = True, error

    def close(self) -> bool:
        """Whether there is a file; what a page says later is left out. Raises OSError when writing failed."""
        self.full = True
        if self._file is not None:
            self._file.close()
        if self._problem is not None:
            raise self._problem
        return self._file is not None
