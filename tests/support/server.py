"""``scene serve`` as an own process."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil


class Server:
    """On a free port, ready when it is built."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        """settings: names without SCENE_, in lower case."""
        given = {"data_dir": str(data_dir), "slots": "2", "port": "0", **settings}
        environment = {**os.environ, **{f"SCENE_{name.upper()}": value for name, value in given.items()}}
        handle, name = tempfile.mkstemp(prefix="server-", suffix=".log", dir=data_dir.parent)
        self.log = Path(name)
        command = [sys.executable, "-m", "scene", "serve"]
        with os.fdopen(handle, "wb") as stderr:
            self.process = subprocess.Popen(command, env=environment, stderr=stderr, start_new_session=True)
        self.url = self._announced()
        self.client = httpx2.Client(base_url=self.url, timeout=30)

    def _announced(self) -> str:
        while not (announced := re.search(r"Scene serves (http://\S+)", self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)
        return announced[1]

    def tree(self) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(30)
        self.close()
        return code

    def close(self) -> None:
        self.process.wait(30)
        self.client.close()
