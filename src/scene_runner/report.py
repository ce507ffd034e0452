"""What a runner tells: event lines on stdout while it works, files in the job's folder."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, TextIO

from scene_runner.failure import Failed
from scene_runner.log_file import LogFile
from scene_runner.protocol import CaptureJob, CaptureResult, ExtraFile, Step, event
from scene_runner.redact import Redactor

CONSOLE_TEXT = 4_000
_JSON_LINES = "application/x-ndjson"
_DETAIL = 1_000


class EventLines:
    """JSON lines to the server; thread-safe."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, name: str, **data: object) -> None:
        line = event(name, **data)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()

    def send_result(self, result: CaptureResult) -> None:
        self.send("result", result=asdict(result))


@dataclass
class Remark:
    """What there is to say of a step that went well."""

    detail: str = ""


class JobReport:
    """Steps, logs and files of one job, and its one result: never with a secret of the job."""

    def __init__(self, job: CaptureJob, lines: EventLines, asked_to_end: Callable[[], bool] = lambda: False) -> None:
        """asked_to_end: whether no further step is to begin."""
        self.job = job
        self._asked_to_end = asked_to_end
        self.redactor = Redactor(job.secrets, job.headers)
        self.steps: list[Step] = []
        self.failed_step: str | None = None
        self._lines = lines
        self._started = time.perf_counter()
        folder = Path(job.output_dir)
        self._console = LogFile(folder / "console.jsonl", "More was logged than is kept.")
        self._network = LogFile(folder / "network.jsonl", "More was requested than is kept.")
        self._files: list[ExtraFile] = []
        self._ended = threading.Lock()

    @property
    def elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)

    @property
    def console_full(self) -> bool:
        return self._console.full

    @contextmanager
    def step(self, name: str) -> Iterator[Remark]:
        """Record a step, and announce it when it has ended. Raises Failed when the job was asked to end."""
        if self._asked_to_end():
            raise Failed("soft_stop", f"It was asked to stop, and ended before the step {name}.")
        started_ms = self.elapsed_ms
        remark = Remark()
        try:
            yield remark
        except Exception as error:
            detail = error.message if isinstance(error, Failed) else str(error)
            self._add(name, "failed", started_ms, self.redactor.text(detail)[:_DETAIL])
            self.failed_step = name
            raise
        self._add(name, "ok", started_ms, remark.detail)

    def wrap_up(self) -> None:
        """The steps that follow belong to the end itself."""
        self._asked_to_end = lambda: False

    def _add(self, name: str, status: Literal["ok", "failed"], started_ms: float, detail: str) -> None:
        step = Step(name, status, started_ms, round(self.elapsed_ms - started_ms, 1), self.redactor.text(detail))
        self.steps.append(step)
        self._lines.send("step", id=self.job.id, step=asdict(step))

    def console(self, kind: str, text: str, where: str = "") -> None:
        """Keep one console message."""
        if not self.job.console or self.console_full:
            return
        # Before it is cut, which would leave a part of a secret.
        told, place = self.redactor.text(text)[:CONSOLE_TEXT], self.redactor.text(where)[:500]
        self._console.add({"at_ms": self.elapsed_ms, "type": kind, "text": told, "location": place})

    def network(self, entry: dict[str, str | float]) -> None:
        """Keep one request."""
        redacted = {name: self.redactor.text(each) if isinstance(each, str) else each for name, each in entry.items()}
        self._network.add(redacted)

    def add_file(self, kind: str, name: str, media_type: str, content: bytes) -> None:
        """Write a file beside the pictures and name it in the result. Raises OSError."""
        write_whole(Path(self.job.output_dir, name), content)
        self.name_file(kind, name, media_type)

    def name_file(self, kind: str, name: str, media_type: str) -> None:
        """Name a file in the result that is in the job's folder already, without secrets."""
        self._files.append(ExtraFile(kind, name, media_type))

    def end(self, result: CaptureResult) -> None:
        """Write the logs and result.json, then send the result event. Only the first call does anything."""
        if not self._ended.acquire(blocking=False):
            return
        try:
            for kind, log in (("console", self._console), ("network", self._network)):
                if log.close():
                    self.name_file(kind, f"{kind}.jsonl", _JSON_LINES)
            steps = "\n".join(json.dumps(asdict(step)) for step in self.steps)
            self.add_file("step_log", "steps.jsonl", _JSON_LINES, steps.encode())
            self._files.append(ExtraFile("result", "result.json", "application/json"))
            result = self._complete(result)
            write_whole(Path(self.job.output_dir, "result.json"), json.dumps(asdict(result), indent=1).encode())
        except OSError as error:
            result = self._complete(replace(result, status="failed", reason="storage", message=_storage(error)))
        self._lines.send_result(result)

    def _complete(self, result: CaptureResult) -> CaptureResult:
        return replace(
            result,
            message=self.redactor.text(result.message),
            final_url=self.redactor.text(result.final_url),
            unloaded=[self.redactor.text(url) for url in result.unloaded],
            failed_step=self.failed_step if result.status == "failed" else None,
            steps=list(self.steps),
            files=list(self._files),
            duration_ms=self.elapsed_ms,
        )


def write_whole(path: Path, content: bytes) -> None:
    """A file is complete or not there."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def _storage(error: OSError) -> str:
    return f"The job's files could not be written: {error.strerror or error}."
