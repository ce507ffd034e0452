"""odiff's server and npm's pixelmatch, both warm, each answering one comparison of two files at a time."""

import json
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

HERE = Path(__file__).parent.parent
MODULES = HERE / "node_modules"


@dataclass(frozen=True)
class Answer:
    milliseconds: float
    cpu_milliseconds: float
    """Of all its threads: what other work on the machine does not lengthen, or not much."""
    changed: int | None
    """None where it was not counted: odiff counts nothing in pictures of different layout when told so."""


class Rival:
    """A process that takes one JSON document a line and answers with one."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = self.hear()
        return answer

    def hear(self) -> dict[str, Any]:
        """The next line that it says."""
        assert self._process.stdout
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def cpu_milliseconds(self) -> float:
        """That all threads of the process have used so far, by Linux's clock of another process."""
        return time.clock_gettime(~self._process.pid << 3 | 2) * 1_000

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.terminate()
        self._process.wait()


class Pixelmatch(Rival):
    """npm's pixelmatch 7 with pngjs, timed where it works, from the bytes of two files to those of the diff."""

    name = "pixelmatch"

    def __init__(self) -> None:
        super().__init__(["node", str(HERE / "pixelmatch.mjs"), str(HERE / "package.json")])

    def __enter__(self) -> "Pixelmatch":
        return self

    def compare(self, before: Path, after: Path, _diff: Path) -> Answer:
        used = self.cpu_milliseconds()
        answer = self.ask({"before": str(before), "after": str(after)})
        return Answer(answer["ms"], self.cpu_milliseconds() - used, answer["changed"])


class Odiff(Rival):
    """odiff in server mode, from the question to the answer: it reads two files and writes its diff."""

    name = "odiff"

    def __init__(self) -> None:
        machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
        program = MODULES / "@odiff" / f"{platform.system().lower()}-{machine}" / "odiff"
        super().__init__([str(program), "--server"])
        self._asked = 0

    def __enter__(self) -> "Odiff":
        self.hear()  # that it is ready
        return self

    def compare(self, before: Path, after: Path, diff: Path) -> Answer:
        self._asked += 1
        question = {
            "requestId": self._asked,
            "base": str(before),
            "compare": str(after),
            "output": str(diff),
            "options": {"threshold": 0.1, "antialiasing": True, "failOnLayoutDiff": False},
        }
        used, started = self.cpu_milliseconds(), time.perf_counter()
        answer = self.ask(question)
        spent, used = (time.perf_counter() - started) * 1_000, self.cpu_milliseconds() - used
        if "error" in answer:
            raise RuntimeError(f"odiff: {answer['error']}")
        return Answer(spent, used, 0 if answer.get("match") else answer.get("diffCount"))
