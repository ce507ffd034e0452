"""What one job may reach, and what became of it: the proxy's side of a job."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from scene_runner.protocol import CaptureJob
from scene_runner.rules import NOT_ALLOWED, Rules

LOG_NAME = "egress.jsonl"
_MAX_ENTRIES = 2_000
_MAX_CONNECTIONS = 256


class Refused(Exception):
    """A connection is not made; the message says why, to follow "could not be opened: "."""


@dataclass
class Entry:
    """One request as the proxy saw it: of a secure connection no more than where it went."""

    at_ms: float
    type: str
    """http or tunnel."""
    method: str
    url: str
    address: str = ""
    """The address that was dialled."""
    status: int | None = None
    sent_bytes: int = 0
    received_bytes: int = 0
    took_ms: float = 0
    problem: str = ""


class Session:
    """Of one job. The proxy asks it, from its own thread; the launcher makes and closes it."""

    def __init__(self, job: CaptureJob, on_close: Callable[["Session"], None]) -> None:
        self._rules = Rules(job)
        self._on_close = on_close
        self._started = time.monotonic()
        self._entries: list[Entry] = []
        self._left_out = 0
        self._problems: dict[tuple[str, int], str] = {}
        self._open = 0
        self._lock = threading.Lock()
        self.port: int | None = None
        """Where the proxy listens for this job alone, if it does."""

    @property
    def elapsed_ms(self) -> float:
        return round((time.monotonic() - self._started) * 1000, 1)

    def check(self, host: str, port: int) -> None:
        """Raises Refused when a rule of the project forbids the host."""
        rule = self._rules.against_host(host, port)
        if rule == NOT_ALLOWED:
            raise Refused("it is not among the project's allowed_hosts")
        if rule is not None:
            raise Refused(f"the project's {rule} forbids it")

    def begin(self, entry: Entry) -> None:
        """Raises Refused when the page has too many connections open."""
        with self._lock:
            if len(self._entries) < _MAX_ENTRIES:
                self._entries.append(entry)
            else:
                self._left_out += 1
            if self._open >= _MAX_CONNECTIONS:
                raise Refused(f"the page has {_MAX_CONNECTIONS} connections open")
            self._open += 1

    def end(self, entry: Entry) -> None:
        entry.took_ms = round(self.elapsed_ms - entry.at_ms, 1)
        with self._lock:
            self._open -= 1

    def failed(self, host: str, port: int, problem: str) -> None:
        with self._lock:
            if len(self._problems) < _MAX_ENTRIES:
                self._problems[host.lower(), port] = problem

    def problem(self, host: str, port: int) -> str | None:
        """Why a host could not be reached, as far as it was tried."""
        with self._lock:
            return self._problems.get((host.lower(), port))

    def close(self) -> None:
        """End every connection."""
        self._on_close(self)

    def write_log(self, folder: Path) -> bool:
        """Whether there was anything to write. Raises OSError."""
        with self._lock:
            lines = [json.dumps(asdict(entry)) for entry in self._entries]
            if self._left_out:
                more = {"at_ms": self.elapsed_ms, "type": "scene", "text": f"{self._left_out} more are left out."}
                lines.append(json.dumps(more))
        if lines:
            folder.joinpath(LOG_NAME).write_text("\n".join(lines) + "\n")
        return bool(lines)
