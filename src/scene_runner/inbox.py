"""Lines from the server. When they end, the server is gone or wants an end, and so this process ends at once."""

import json
import os
import queue
import shutil
import threading
from typing import BinaryIO

from scene_runner.processes import kill_everything_started

_MAX_LINE = 64 * 1024 * 1024
_END = b'{"end":'
_ENDING = threading.Lock()


class Inbox:
    """A thread reads: the main thread may hang inside the browser, and must not keep anything alive by that."""

    def __init__(self, stream: BinaryIO, folder: str) -> None:
        """``folder`` holds everything temporary of this process, and goes with it."""
        self._stream = stream
        self._folder = folder
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._to_end = ""
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next_line(self) -> bytes:
        """Blocks until there is one."""
        return self._lines.get()

    def asked_to_end(self, job_id: str) -> bool:
        """Whether the server wants this job to end before its next step."""
        return self._to_end == job_id

    def _read(self) -> None:
        while line := self._stream.readline(_MAX_LINE):
            if line.startswith(_END):
                self._to_end = str(json.loads(line)["end"])
            elif line.strip():
                self._lines.put(line)
        end_at_once(0, self._folder)


def end_at_once(code: int, folder: str) -> None:
    """End everything this process started, then itself, whatever the main thread does; the first caller counts."""
    _ENDING.acquire()
    kill_everything_started(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)
