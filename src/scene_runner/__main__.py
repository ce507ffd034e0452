"""``python -m scene_runner``: a BrowserChoice line, then job lines on stdin; events on stdout, its log on stderr."""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import BinaryIO

from playwright.sync_api import sync_playwright

from scene_runner.browser import Engine
from scene_runner.failure import Failed, Reason
from scene_runner.ffmpeg import lend_system_ffmpeg
from scene_runner.inbox import Inbox, end_at_once
from scene_runner.job import JobRun, abandoned, folder_problem
from scene_runner.protocol import PROTOCOL_VERSION, BrowserChoice, CaptureJob, CaptureResult, load_job
from scene_runner.report import EventLines, JobReport
from scene_runner.watchdog import Watchdog

_EXIT_ERROR = 1
_EXIT_BROWSER_UNAVAILABLE = 3
_EXIT_GAVE_UP = 4


class Runner:
    def __init__(self, folder: str, stdin: BinaryIO, lines: EventLines) -> None:
        self._folder = folder
        self._lines = lines
        self._inbox = Inbox(stdin, folder)
        self._watchdog = Watchdog(self._give_up)
        self._job: CaptureJob | None = None
        self._report: JobReport | None = None

    def serve(self) -> None:
        """Ends only with the process."""
        choice = BrowserChoice(**json.loads(self._inbox.next_line()))
        if choice.executable:
            lend_system_ffmpeg(Path(self._folder, "browsers"))
        with sync_playwright() as playwright:
            engine = Engine(playwright, choice, self._watchdog.lost)
            try:
                engine.launch()
            except Failed as failed:
                self._lines.send("unavailable", message=failed.message)
                end_at_once(_EXIT_BROWSER_UNAVAILABLE, self._folder)
            self._lines.send("ready", protocol=PROTOCOL_VERSION, browser=choice.name, version=engine.browser().version)
            while True:
                self._take(self._inbox.next_line(), engine)

    def _take(self, line: bytes, engine: Engine) -> None:
        document = json.loads(line)
        try:
            job = load_job(document)
            problem = folder_problem(job)
        except (TypeError, KeyError) as error:
            self._refuse(str(document.get("id", "")), f"The job document is not valid: {error}.")
            return
        if problem:
            self._refuse(job.id, problem)
            return
        self._job, self._report = job, JobReport(job, self._lines, lambda: self._inbox.asked_to_end(job.id))
        self._lines.send("started", id=job.id)
        JobRun(job, engine, self._report, self._watchdog).carry_out()

    def _refuse(self, job_id: str, message: str) -> None:
        refused = CaptureResult(id=job_id, status="failed", reason="internal", message=message)
        self._lines.send_result(refused)

    def _give_up(self, reason: Reason, message: str) -> None:
        """On the watchdog's thread: the main thread hangs for good."""
        if self._job and self._report:
            self._report.end(abandoned(self._job, reason, message))
        end_at_once(_EXIT_GAVE_UP, self._folder)


def carry_on(stdin: BinaryIO, lines: EventLines) -> None:
    """Serve until stdin ends; never returns."""
    folder = tempfile.mkdtemp(prefix=f"scene-runner-{os.getpid()}-")
    os.environ["TMPDIR"] = folder  # the browser's profile: gone with us, also when the browser is killed
    try:
        Runner(folder, stdin, lines).serve()
    except Exception:  # noqa: BLE001  the way out for whatever it is
        traceback.print_exc()
    finally:
        # Leaving by the interpreter's own way out would wait for the inbox, and leave the browser behind.
        end_at_once(_EXIT_ERROR, folder)


def main() -> None:
    # Stdout belongs to the protocol: whatever else is printed, by a library for example, goes to the log.
    stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    carry_on(sys.stdin.buffer, EventLines(stdout))


if __name__ == "__main__":
    main()
