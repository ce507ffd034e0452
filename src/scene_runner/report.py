"""What a runner tells: event lines on stdout while it works, files in the job's folder."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TextIO

from scene_runner.failure import Failed
from scene_runner.protocol import CaptureJob, CaptureResult, ExtraFile, Step, event
from scene_runner.redaction import Redaction

CONSOLE_LINES = 2_000
CONSOLE_BYTES = 1_000_000
CONSOLE_TEXT = 4_000
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
    """Steps, console and files of one job, and its one result: in words, never with a secret of the job."""

    def __init__(self, job: CaptureJob, lines: EventLines) -> None:
        self.job = job
        self.steps: list[Step] = []
        self.failed_step: str | None = None
        self.console_full = False
        self._lines = lines
        self._redacted = Redaction(job.secrets)
        self._started = time.perf_counter()
        self._console: list[str] = []
        self._console_bytes = 0
        self._files: list[ExtraFile] = []
        self._ended = threading.Lock()

    @property
    def elapsed_ms(self) -> float:
        return round((time.perf_counter() - self._started) * 1000, 1)

    @contextmanager
    def step(self, name: str) -> Iterator[Remark]:
        """Record a step, and announce it when it has ended."""
        started_ms = self.elapsed_ms
        remark = Remark()
        try:
            yield remark
        except Exception as error:
            detail = error.message if isinstance(error, Failed) else str(error)
            detail = self._redacted(detail)[:_DETAIL]
            self._add(Step(name, "failed", started_ms, round(self.elapsed_ms - started_ms, 1), detail))
            self.failed_step = name
            raise
        self._add(Step(name, "ok", started_ms, round(self.elapsed_ms - started_ms, 1), remark.detail))

    def _add(self, step: Step) -> None:
        step = replace(step, detail=self._redacted(step.detail))
        self.steps.append(step)
        self._lines.send("step", id=self.job.id, step=asdict(step))

    def console(self, kind: str, text: str, where: str = "") -> None:
        """Keep one console message; past the bounds of the log only the fact that there was more is kept."""
        if self.console_full:
            return
        # Before it is cut, which would leave a part of a secret.
        text, where = self._redacted(text)[:CONSOLE_TEXT], self._redacted(where)[:500]
        entry = {"at_ms": self.elapsed_ms, "type": kind, "text": text, "location": where}
        line = json.dumps(entry, ensure_ascii=True)
        self._console_bytes += len(line)
        if len(self._console) >= CONSOLE_LINES or self._console_bytes > CONSOLE_BYTES:
            self.console_full = True
            line = json.dumps({"at_ms": self.elapsed_ms, "type": "scene", "text": "More was logged than is kept."})
        self._console.append(line)

    def add_file(self, kind: str, name: str, media_type: str, content: bytes) -> None:
        """Write a file beside the pictures and name it in the result. Raises OSError."""
        write_whole(Path(self.job.output_dir, name), content)
        self._files.append(ExtraFile(kind, name, media_type))

    def end(self, result: CaptureResult) -> None:
        """Write the logs and result.json, then send the result event. Only the first call does anything."""
        if not self._ended.acquire(blocking=False):
            return
        try:
            if self._console:
                self.add_file("console", "console.jsonl", "application/x-ndjson", "\n".join(self._console).encode())
            steps = "\n".join(json.dumps(asdict(step)) for step in self.steps)
            self.add_file("step_log", "steps.jsonl", "application/x-ndjson", steps.encode())
            self._files.append(ExtraFile("result", "result.json", "application/json"))
            result = self._complete(result)
            write_whole(Path(self.job.output_dir, "result.json"), json.dumps(asdict(result), indent=1).encode())
        except OSError as error:
            result = self._complete(replace(result, status="failed", reason="storage", message=_storage(error)))
        self._lines.send_result(result)

    def _complete(self, result: CaptureResult) -> CaptureResult:
        return replace(
            result,
            message=self._redacted(result.message),
            final_url=self._redacted(result.final_url),
            unloaded=[self._redacted(url) for url in result.unloaded],
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
