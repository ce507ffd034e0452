"""The files of a job, on their way out of a container."""

import threading
from pathlib import Path

from scene_runner.frames import CHUNK, FrameWriter, Kind

_GROWING = ("console.jsonl", "network.jsonl")
_EVERY_SECONDS = 0.5


class Outbox:
    """Sends each file once, and logs as they grow: a runner that is killed has told what it had."""

    def __init__(self, folder: Path, writer: FrameWriter) -> None:
        self._folder = folder
        self._writer = writer
        self._sent: dict[str, int] = {}
        self._lock = threading.Lock()
        self._working = threading.Event()
        folder.mkdir(parents=True, exist_ok=True)
        threading.Thread(target=self._follow, name="outbox", daemon=True).start()

    def begin(self) -> None:
        """An empty folder, for the next job."""
        with self._lock:
            for left in self._folder.iterdir():
                left.unlink()
            self._sent.clear()
            self._working.set()

    def ship(self) -> None:
        """Everything that is complete and has not been sent. Raises OSError when the stream is broken."""
        self._working.clear()
        with self._lock:
            for path in sorted(self._folder.iterdir()):
                if path.suffix != ".part":
                    self._send(path)

    def _send(self, path: Path) -> None:
        head = path.name.encode() + b"\0"
        with path.open("rb") as file:
            file.seek(self._sent.get(path.name, 0))
            while (chunk := file.read(CHUNK)) or path.name not in self._sent:
                self._writer.send(Kind.FILE, 0, head + chunk)
                self._sent[path.name] = self._sent.get(path.name, 0) + len(chunk)

    def _follow(self) -> None:
        wait = threading.Event()
        while True:
            self._working.wait()
            wait.wait(_EVERY_SECONDS)
            with self._lock:
                for name in _GROWING if self._working.is_set() else ():
                    path = self._folder / name
                    if path.exists():
                        self._send(path)
