"""``scene worker`` as an own process."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil


class WorkerProcess:
    """At work when it is built."""

    def __init__(self, data_dir: Path, *options: str, within: Sequence[str] = (), **settings: str) -> None:
        """options: of the command. settings: names without SCENE_, in lower case.

        within: what becomes the command, as ``tests.support.hosts`` gives it.
        """
        given = {"data_dir": str(data_dir), "slots": "1", **settings}
        environment = {**os.environ, **{f"SCENE_{name.upper()}": value for name, value in given.items()}}
        handle, name = tempfile.mkstemp(prefix="worker-", suffix=".log", dir=data_dir.parent)
        self.log = Path(name)
        command = [*within, sys.executable, "-m", "scene", "worker", *options]
        with os.fdopen(handle, "wb") as stderr:
            self.process = subprocess.Popen(command, env=environment, stderr=stderr, start_new_session=True)
        self.announced()

    def announced(self) -> str:
        """What it says of itself when it is at work."""
        while not (said := re.search(r"Worker at work for .*", self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        return said[0]

    def tree(self) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(90)
