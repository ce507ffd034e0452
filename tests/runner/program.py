"""Speak to ``python -m scene_runner`` as the server does."""

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from PIL import Image

from scene_runner.processes import is_renderer, started_by
from scene_runner.protocol import BrowserChoice, CaptureJob, CaptureResult, Json, TargetJob, dump, load_result

FULL = TargetJob("full", "full")
VIEWPORT = TargetJob("viewport", "viewport")

_numbers = itertools.count(1)


def make_job(url: str, folder: Path, **options: Any) -> CaptureJob:
    """A small viewport and short limits; the output folder is made."""
    output = folder / f"output-{next(_numbers)}"
    output.mkdir()
    defaults: dict[str, Any] = {
        "targets": [FULL],
        "viewport_width": 400,
        "viewport_height": 300,
        "navigation_timeout_ms": 10_000,
        "script_timeout_ms": 2_000,
        "execution_timeout_ms": 40_000,
    }
    return CaptureJob(id=output.name, output_dir=str(output), url=url, **(defaults | options))


@dataclass(frozen=True)
class Captured:
    """How a job ended, and what it left."""

    job: CaptureJob
    result: CaptureResult
    events: list[Json] = field(default_factory=list)

    def path(self, name: str) -> Path:
        return Path(self.job.output_dir, name)

    def picture(self, number: int = 0) -> Image.Image:
        with Image.open(self.path(self.result.captures[number].file)) as picture:
            return picture.convert("RGB")

    @property
    def sha256(self) -> str:
        return self.result.captures[0].sha256


class RunnerProgram:
    """A real runner process."""

    def __init__(self, choice: BrowserChoice) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scene_runner"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.send(dump(choice))
        self.first_event = self.next_event()

    def send(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def next_event(self) -> Json:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the runner has ended"
        event: Json = json.loads(line)
        return event

    def run(self, job: CaptureJob, on_event: Callable[[Json], None] = lambda _: None) -> Captured:
        self.send(dump(job))
        events = []
        while (event := self.next_event())["event"] != "result":
            events.append(event)
            on_event(event)
        return Captured(job, load_result(event["result"]), events)

    def tree(self) -> list[psutil.Process]:
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def renderers(self) -> list[psutil.Process]:
        found = []
        for process in started_by(self.process.pid):
            with suppress(psutil.NoSuchProcess):
                found += [psutil.Process(process.pid)] if is_renderer(process) else []
        return found

    def end(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        code = self.process.wait(10)
        self.process.stdout.close()
        return code
