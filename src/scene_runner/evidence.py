"""What is recorded of a job's pages beside their pictures: trace, video, HAR, network log.

Everything raw stays in the runner's own scratch folder; what is kept goes to the job's folder without its secrets.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from scene_runner import ffmpeg
from scene_runner.har import TooLarge, redact_har, redact_trace
from scene_runner.network_log import NetworkLog
from scene_runner.protocol import CaptureJob, Keep
from scene_runner.redact import SHORTEST_UNNAMED
from scene_runner.report import JobReport
from scene_runner.scratch import empty, scratch

TRACES = "traces"
"""Where the browser's driver collects traces."""
_RECORDED = "recorded"
_MAX_VIDEO_BYTES = 200_000_000

Wanted = Callable[[Keep], bool]
"""Whether what has this policy is to be kept, as far as is known."""


@dataclass(frozen=True)
class _Recording:
    kind: str
    policy: Keep
    raw: Path
    name: str
    media_type: str


class Evidence:
    """Of one job, whose pages come one after the other."""

    def __init__(self, job: CaptureJob, report: JobReport) -> None:
        self._job = job
        self._report = report
        self._recordings: list[_Recording] = []
        self._network: NetworkLog | None = None
        self._page: Page | None = None
        self._prefix = ""

    @property
    def needs_closing(self) -> bool:
        """Whether something is complete only once the page's context is closed."""
        return self._job.video or self._job.har != "never"

    @property
    def problem(self) -> str:
        """What was asked for and cannot be had; empty as a rule."""
        missing = self._job.video and not ffmpeg.available()
        return f"no video: Playwright finds no ffmpeg; {ffmpeg.HOW_TO_GET}" if missing else ""

    def context_options(self, prefix: str) -> dict[str, Any]:
        """What the context of the next page must know; ``prefix`` begins the names of the page's files."""
        self._prefix = prefix
        options: dict[str, Any] = {}
        if self._job.har != "never":
            options |= {"record_har_path": self._raw("har"), "record_har_content": "omit"}
        if self._job.video and not self.problem:
            size = {"width": self._job.viewport_width, "height": self._job.viewport_height}
            options |= {"record_video_dir": scratch(_RECORDED), "record_video_size": size}
        return options

    def begin(self, context: BrowserContext) -> None:
        """Before the context has a page."""
        if self._job.trace != "never":
            context.tracing.start(snapshots=True, screenshots=False, sources=False)

    def follow(self, page: Page) -> None:
        self._page = page
        if self._job.network:
            self._network = NetworkLog(page, self._report)

    def leave(self, wanted: Wanted) -> None:
        """Before the context is closed. A trace that nobody wants is not even put together.

        Raises Playwright's Error when the page is gone already.
        """
        page, self._page = self._page, None
        if page is None:
            return
        if self._network is not None:
            self._network.end()
            self._network = None
        job = self._job
        if page.video is not None:
            self._add("video", "always", Path(page.video.path()), "video.webm", "video/webm")
        if job.har != "never":
            self._add("har", job.har, self._raw("har"), "requests.har", "application/json")
        if wanted(job.trace) or wanted(job.har):
            values = (cookie.get("value", "") for cookie in page.context.cookies())
            self._report.redactor.add(*(value for value in values if len(value) >= SHORTEST_UNNAMED))
        if wanted(job.trace):
            page.context.tracing.stop(path=self._raw("zip"))
            self._add("trace", job.trace, self._raw("zip"), "trace.zip", "application/zip")

    def anything(self, wanted: Wanted) -> bool:
        return any(wanted(recording.policy) for recording in self._recordings)

    def hand_over(self, wanted: Wanted) -> str:
        """Write what is wanted to the job's folder. Returns what there is to say of it. Raises OSError."""
        said = []
        for recording in self._recordings:
            if wanted(recording.policy):
                try:
                    said.append(f"{recording.name}, {self._written(recording) / 1e3:,.0f} kB")
                except TooLarge as too_large:
                    said.append(f"no {recording.name}: {too_large}")
                except FileNotFoundError:
                    said.append(f"no {recording.name}: the browser left none")
        self._recordings.clear()
        return "; ".join(said)

    def _written(self, recording: _Recording) -> int:
        """Its size in bytes."""
        raw, to = recording.raw, Path(self._job.output_dir, recording.name)
        part = to.with_name(f"{to.name}.part")
        if recording.kind == "trace":
            redact_trace(raw, part, self._report.redactor)
        elif recording.kind == "har":
            redact_har(raw, part, self._report.redactor)
        elif (size := raw.stat().st_size) > _MAX_VIDEO_BYTES:
            raise TooLarge(size, _MAX_VIDEO_BYTES)
        else:
            shutil.copyfile(raw, part)
        part.replace(to)
        self._report.name_file(recording.kind, recording.name, recording.media_type)
        return to.stat().st_size

    def _raw(self, suffix: str) -> Path:
        return scratch(_RECORDED) / f"{self._prefix}recording.{suffix}"

    def _add(self, kind: str, policy: Keep, raw: Path, name: str, media_type: str) -> None:
        self._recordings.append(_Recording(kind, policy, raw, self._prefix + name, media_type))


def clear_up() -> None:
    """Once a job's last context is closed: what was recorded raw holds its secrets."""
    empty(TRACES)
    empty(_RECORDED)


@contextmanager
def named_in_trace(context: BrowserContext, job: CaptureJob, name: str) -> Iterator[None]:
    """In a trace, what the body does stands under this name. Raises PlaywrightError."""
    if job.trace == "never":
        yield
        return
    context.tracing.group(name)
    try:
        yield
    finally:
        with contextlib.suppress(PlaywrightError):  # a page that is lost is noticed by what comes next
            context.tracing.group_end()
