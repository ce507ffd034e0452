"""A container engine that a test may kill: beside the machine's own, reached over TCP with TLS as one far away is."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from scene.launch.docker.engine import Engine, EngineError

_SECONDS_TO_START = 60
_SECONDS_TO_LOAD = 300


class OwnEngine:
    """Runs as root; nothing of it is left at the end. It has no network but ``none`` and the machine's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "DOCKER_HOST": f"tcp://127.0.0.1:{self._port}",
            "DOCKER_TLS_VERIFY": "1",
            "DOCKER_CERT_PATH": str(folder),
        }
        """What tells others where it is, and who may ask it."""
        _certificates(folder)

    def start(self) -> None:
        folder = self._folder
        with (folder / "log").open("ab") as log:
            options = {
                "data-root": folder / "data",
                "exec-root": folder / "exec",
                "pidfile": folder / "pid",
                "host": f"tcp://127.0.0.1:{self._port}",
                "tlsverify": "true",
                "tlscacert": folder / "ca.pem",
                "tlscert": folder / "server-cert.pem",
                "tlskey": folder / "server-key.pem",
                "bridge": "none",
                "iptables": "false",
                "ip6tables": "false",
            }
            self._process = subprocess.Popen(
                ["dockerd", *(f"--{name}={value}" for name, value in options.items())],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            said = (folder / "log").read_text()[-2_000:]
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)

    def kill(self) -> None:
        """As if its machine had lost it; its containers are left."""
        assert self._process
        self._process.kill()
        self._process.wait()
        # Its containerd dies with it; where nobody buries that process, the next engine would wait for it.
        (self._folder / "exec" / "containerd" / "containerd.pid").unlink(missing_ok=True)

    def tree(self) -> list[psutil.Process]:
        """Its processes and its containerd's, unless it was killed; containers are nobody's children."""
        assert self._process
        if self._process.poll() is not None:
            return []
        own = psutil.Process(self._process.pid)
        return [own, *own.children(recursive=True)]

    def stop(self) -> None:
        if self._process and self._process.poll() is not None:
            self.start()  # what it left is only known to it
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(_SECONDS_TO_START)
        for mount in (
            self._folder / "data",
            self._folder / "exec" / "netns" / "default",
        ):  # of an engine that was killed
            subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
        shutil.rmtree(self._folder / "data", ignore_errors=True)

    def load(self, image: str) -> None:
        """Copy an image from the machine's own engine."""
        with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saving:
            subprocess.run(
                ["docker", "load", "--quiet"],
                stdin=saving.stdout,
                env={**os.environ, **self.environment},
                check=True,
                timeout=_SECONDS_TO_LOAD,
                capture_output=True,
            )
        assert saving.returncode == 0

    def client(self, monkeypatch: pytest.MonkeyPatch) -> Engine:
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        return Engine()

    def _answers(self) -> bool:
        with pytest.MonkeyPatch.context() as patch, suppress(EngineError):
            engine = self.client(patch)
            try:
                return bool(engine.version())
            finally:
                engine.close()
        return False


@contextmanager
def own_engine(folder: Path, image: str) -> Iterator[OwnEngine]:
    """One with an image of the machine's engine."""
    engine = OwnEngine(folder)
    engine.start()
    try:
        engine.load(image)
        yield engine
    finally:
        engine.stop()


def _certificates(folder: Path) -> None:
    """An authority, a server's and a client's certificate, by the names that Docker's tools use."""
    _certificate(folder, "ca", "authority", "basicConstraints=critical,CA:TRUE")
    _certificate(folder, "server-", "server", "subjectAltName=IP:127.0.0.1", "extendedKeyUsage=serverAuth")
    _certificate(folder, "", "client", "extendedKeyUsage=clientAuth")


def _certificate(folder: Path, prefix: str, subject: str, *extensions: str) -> None:
    root = prefix == "ca"
    key, certificate = ("ca-key.pem", "ca.pem") if root else (f"{prefix}key.pem", f"{prefix}cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={subject}"]
    if not root:
        command += ["-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca-key.pem")]
    command += [word for extension in extensions for word in ("-addext", extension)]
    command += ["-keyout", str(folder / key), "-out", str(folder / certificate)]
    subprocess.run(command, check=True, capture_output=True)
