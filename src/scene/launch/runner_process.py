"""One runner: a process of its own that answers in events."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from scene.launch import oom_killer
from scene.launch.base import Ending
from scene.launch.output import RunnerOutput
from scene.launch.process_tree import ProcessTree
from scene.launch.runner import RunnerGone
from scene.launch.runner_environment import runner_environment
from scene_runner.protocol import BrowserChoice, CaptureJob, Json, dump, dump_end

_END_SECONDS = 1.0


class RunnerProcess:
    """Implements Runner."""

    def __init__(self, choice: BrowserChoice) -> None:
        """Starts the process and its browser; the browser is up once the ``ready`` event has come. Raises OSError."""
        self.choice = choice
        self.ready = False
        self.jobs = 0
        self.idle_since = 0.0
        self._oom_kills = oom_killer.kills()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "scene_runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=runner_environment(),
            cwd=tempfile.gettempdir(),
            start_new_session=True,  # a signal to the server's terminal is not one to its runners
        )
        self._sending = threading.Lock()
        self._tree = ProcessTree(self._process.pid)
        self._output = RunnerOutput()
        assert self._process.stdout
        assert self._process.stderr
        self._readers = {
            threading.Thread(target=self._read_events, name="runner-events", daemon=True): self._process.stdout,
            threading.Thread(target=self._read_log, name="runner-log", daemon=True): self._process.stderr,
        }
        for reader in self._readers:
            reader.start()
        with suppress(RunnerGone):  # next_event will say so
            self._send(dump(choice))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def start_job(self, job: CaptureJob) -> None:
        self.jobs += 1
        self._output.forget_log()
        self._oom_kills = oom_killer.kills()
        self._send(dump(job))

    def ask_to_end(self, job_id: str) -> None:
        """Have a job end before its next step. From any thread; too late, nothing happens."""
        with suppress(RunnerGone):
            self._send(dump_end(job_id))

    def next_event(self, timeout_seconds: float) -> Json | None:
        return self._output.next_event(timeout_seconds)

    def memory(self, enough: int) -> int:
        return self._tree.memory(enough)

    def out_of_memory(self) -> str | None:
        if oom_killer.kills() <= self._oom_kills:
            return None
        return "The kernel killed the page's process: the machine or its container was out of memory."

    def death(self) -> tuple[Ending, str]:
        self.kill()  # what it started may still live
        if oom_killer.kills() > self._oom_kills:
            message = "The kernel killed the runner: the machine or its container was out of memory."
            return Ending.OUT_OF_MEMORY, message
        code = self.exit_code()
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return Ending.CRASH, f"The runner ended unexpectedly, {how}."

    def log(self) -> str:
        return self._output.log()

    def exit_code(self) -> int | None:
        return self._process.poll()

    def kill(self) -> None:
        self._tree.kill()
        self._tidy()

    def end(self) -> None:
        """Let it end by itself, which closing its stdin asks for; then make sure."""
        with suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.close()
        self._tree.members()  # learn where its browser is before the runner is gone
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self.kill()

    def _tidy(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        deadline = time.monotonic() + _END_SECONDS
        for reader, stream in self._readers.items():
            reader.join(max(0.0, deadline - time.monotonic()))
            if not reader.is_alive():  # closing a stream waits for whoever reads it
                stream.close()
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        for folder in Path(tempfile.gettempdir()).glob(f"scene-runner-{self.pid}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _send(self, line: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            with self._sending:
                stdin.write(line.encode() + b"\n")
                stdin.flush()
        except (OSError, ValueError) as error:  # ValueError: closed by a kill from another thread
            raise RunnerGone from error

    def _read_events(self) -> None:
        assert self._process.stdout
        with suppress(OSError, ValueError):
            for line in self._process.stdout:
                with suppress(ValueError):
                    event = json.loads(line)
                    if isinstance(event, dict):
                        self._output.add_event(event)
        self._output.end()

    def _read_log(self) -> None:
        assert self._process.stderr
        with suppress(OSError, ValueError):
            while chunk := os.read(self._process.stderr.fileno(), 65_536):
                self._output.add_log(chunk)
