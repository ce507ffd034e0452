"""An S3 server for tests, by default on loopback, and buckets on it."""

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from scene.artifacts.connect import StoreOptions

SECRET = "not-to-be-told"
_START_SECONDS = 60
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "scene",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "us-east-1",
    # Nothing of the machine's own may decide where a test writes.
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}


@dataclass(frozen=True)
class S3Server:
    endpoint: str
    pid: int
    log: Path
    """A line for each request, with whom it came from."""

    @property
    def port(self) -> int:
        return int(self.endpoint.rpartition(":")[2])

    def bucket(self) -> str:
        """A new, empty one."""
        name = f"scene-{uuid4().hex}"
        request = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")
        urllib.request.urlopen(request, timeout=30).close()
        return name

    def options(self, **changes: object) -> StoreOptions:
        return StoreOptions(**{"s3_endpoint": self.endpoint, **changes})  # type: ignore[arg-type]


@contextmanager
def s3_server(folder: Path, address: str = "127.0.0.1") -> Iterator[S3Server]:
    """Runs in a process of its own, on a free port; its credentials are in the environment meanwhile."""
    log = folder / "moto.log"
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", address, "-p", "0"]
    with log.open("wb") as output, pytest.MonkeyPatch.context() as patch:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        try:
            yield S3Server(_endpoint(process, log), process.pid, log)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _endpoint(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"Running on (http://[\d.]+:\d+)", log.read_text())
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail(f"The S3 server did not start:\n{log.read_text()}")
