"""Scene's whole loop: the same pictures through an embedded Scene, with its default options."""

import multiprocessing
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from loop.corpus import Shot
from loop.rounds import Round, cpu_seconds
from scene import logs
from scene.bootstrap import Scene, Services
from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.records import Actor
from scene.domain.runs import Attempt, Run, RunDraft
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Viewport
from scene.settings import ServerSettings
from scene.store.values import MAX_SLICE, SliceRequest

_BY = Actor(type="system", id="bench")
_POLL_SECONDS = 0.1

Work = Callable[[Connection, Sequence[Shot], int, Path], None]


class _SceneProcess:
    """A process that is nothing but Scene, so that its memory is its own."""

    def __init__(self, work: Work, shots: Sequence[Shot], workers: int, browser: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._end, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, shots, workers, browser), name="scene")
        self._process.start()
        theirs.close()
        self._end.recv()  # Scene is up

    def ask(self, purpose: Purpose) -> Round:
        self._end.send(purpose)
        done: Round = self._end.recv()
        return done

    def pids(self) -> list[int]:
        return [self._process.pid] if self._process.pid is not None else []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.close()
        self._process.join()


class SceneComparing(_SceneProcess):
    """Each round is a comparison of the unchanged site with the baseline that the first round records."""

    name = "Scene, comparison"

    def __init__(self, shots: Sequence[Shot], workers: int, browser: Path) -> None:
        super().__init__(_serve_comparisons, shots, workers, browser)
        self._recorded = False

    def round(self) -> Round:
        if not self._recorded:
            self.ask(Purpose.BASELINE_RECORDING)
            self._recorded = True
        return self.ask(Purpose.COMPARISON)


class SceneRecording(_SceneProcess):
    """Each round is the first recording of a new Scene, whose browsers are up already."""

    name = "Scene, first recording"

    def __init__(self, shots: Sequence[Shot], workers: int, browser: Path) -> None:
        super().__init__(_serve_recordings, shots, workers, browser)

    def round(self) -> Round:
        return self.ask(Purpose.BASELINE_RECORDING)


def _serve_comparisons(end: Connection, shots: Sequence[Shot], workers: int, browser: Path) -> None:
    with _scene(workers, browser) as scene:
        end.send(None)
        batch_id = _describe(scene.services, "docs", shots)
        with _until_closed(end) as purposes:
            for purpose in purposes:
                end.send(_round(scene.services, batch_id, purpose, workers))


def _serve_recordings(end: Connection, shots: Sequence[Shot], workers: int, browser: Path) -> None:
    end.send(None)
    with _until_closed(end) as purposes:
        for purpose in purposes:
            with _scene(workers, browser) as scene:
                small = [Shot(shot.page, shot.url, 320, 240) for shot in shots[: workers * 3 : 3]]
                _round(scene.services, _describe(scene.services, "warm-up", small), purpose, workers)
                end.send(_round(scene.services, _describe(scene.services, "docs", shots), purpose, workers))


@contextmanager
def _until_closed(end: Connection) -> Iterator[Iterator[Purpose]]:
    try:
        yield iter(end.recv, None)
    except EOFError:
        return


@contextmanager
def _scene(workers: int, browser: Path) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="scene-bench-") as folder:
        settings = ServerSettings(
            data_dir=Path(folder),
            launcher="process",
            slots=workers,
            imaging_workers=workers,
            chromium=browser,
            log_level="warning",
        )
        logs.configure(settings)
        with Scene(settings) as scene:
            yield scene


def _describe(services: Services, name: str, shots: Sequence[Shot]) -> str:
    """The id of a batch of all the shots, each page a task of its own."""
    viewports: dict[tuple[str, str], list[Viewport]] = {}
    for shot in shots:
        viewports.setdefault((shot.page, shot.url), []).append(Viewport(width=shot.width, height=shot.height))
    project = services.projects.create(ProjectDraft(name=name, slug=name), _BY)
    tasks: list[BatchTask] = []
    for (title, url), sizes in viewports.items():
        page = services.pages.create(project.id, PageDraft(name=title, url=url), _BY)
        task = services.tasks.create(project.id, TaskDraft(name=title, page_id=page.id, viewports=sizes), _BY)
        tasks.append(BatchTask(task_id=task.id))
    return services.batches.create(project.id, BatchDraft(name=name, tasks=tasks), _BY).id


def _round(services: Services, batch_id: str, purpose: Purpose, workers: int) -> Round:
    cpu_before, started = cpu_seconds([os.getpid()]), time.perf_counter()
    run = services.runs.create(RunDraft(batch_id=batch_id, purpose=purpose, concurrency=workers), _BY)
    while not run.status.ended:
        time.sleep(_POLL_SECONDS)
        run = services.runs.get(run.id)
    seconds = time.perf_counter() - started
    cpu = cpu_seconds([os.getpid()]) - cpu_before
    size, steps = _judged(services, run)
    steps["between pictures"] = seconds * workers - sum(steps.values())
    return Round(seconds, run.summary.total, size, cpu, steps)


def _judged(services: Services, run: Run) -> tuple[int, dict[str, float]]:
    """Bytes and steps of a run that did what it should: nothing failed, changed or was unstable."""
    wanted = Verdict.UNCHANGED if run.purpose is Purpose.COMPARISON else None
    if run.status is not Status.FINISHED or run.verdict is not wanted or run.summary.failed:
        raise RuntimeError(f"The {run.purpose} ended as {run.status}, {run.verdict}: {run.summary}.")
    executions = services.history.executions(run.id, SliceRequest(limit=MAX_SLICE)).items
    steps: dict[str, float] = defaultdict(float)
    size = 0
    for execution in executions:
        detail = services.history.execution(execution.id)
        for name, taken in _seconds_by_step(detail.attempts[-1]).items():
            steps[name] += taken
        for screenshot in detail.screenshots:
            if screenshot.unstable or screenshot.picture is None:
                raise RuntimeError(f"{execution.task_name} at {execution.viewport.key} is unstable.")
            size += screenshot.picture.image.size
    return size, dict(steps)


def _seconds_by_step(attempt: Attempt) -> dict[str, float]:
    """Seconds of a slot: the runner's steps, what else its job took, and what Scene did with the result."""
    steps: dict[str, float] = defaultdict(float)
    for step in attempt.steps:
        steps[step.name.partition(" ")[0]] += step.duration_ms / 1000
    parts = {part: ms / 1000 for part, ms in attempt.timings_ms.items()}
    steps["close, hand over"] = parts.pop("capture") - sum(steps.values())
    return steps | parts
