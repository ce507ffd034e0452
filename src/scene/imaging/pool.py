"""Comparing in other processes: as many at once as there are workers, without holding up this one."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from scene.domain.comparison import ComparisonStats
from scene.domain.masking import ComparedMask
from scene.domain.options import ComparisonPolicy
from scene.errors import ImagingFailed, ImagingWorkerLost, PictureError, SceneError, StorageError
from scene.imaging.messages import ANSWER, Answer, Compared, CompareJob, Failed, Job, Thumbnailed, ThumbnailJob

_END_SECONDS = 5.0


class _WorkerGone(Exception):
    """The process ended before it answered."""


class _Worker:
    """One process that does one job at a time.

    It is started as a program of its own rather than through ``multiprocessing``, which would import the server's
    main module again in every worker, and whose workers outlive a parent that is killed.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "scene.imaging.pool_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # no linear algebra here: spare its thread pool
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: Job) -> Answer:
        """Send a job and wait for its answer. Raises _WorkerGone."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(job.model_dump_json().encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise _WorkerGone from None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise _WorkerGone
        return ANSWER.validate_json(line)

    def end(self) -> None:
        """Close its stdin, which ends it, and wait; kill it when it does not end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class ImagingPool:
    """Runs comparisons and thumbnails in up to ``workers`` processes; safe to call from any number of threads.

    A process is started when a job first needs it and then kept. It ends with ``close`` and when this process ends,
    even by ``kill -9``. A worker that is killed takes only its own job with it, and that job is tried once more in a
    new one.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._slots = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def compare(
        self,
        baseline: Path,
        observed: Path,
        out_dir: Path,
        policy: ComparisonPolicy,
        masks: Sequence[ComparedMask] = (),
    ) -> ComparisonStats:
        """``jobs.compare_files`` in a worker.

        Raises PictureError, StorageError when a file cannot be read or written, ImagingWorkerLost when two workers
        in a row were killed over it, ImagingFailed when the comparing code broke down or the pool is closed.
        """
        job = CompareJob(
            baseline=baseline.absolute(),
            observed=observed.absolute(),
            out_dir=out_dir.absolute(),
            policy=policy,
            masks=list(masks),
        )
        answer = self._do(job)
        assert isinstance(answer, Compared)
        return answer.stats

    def thumbnail(self, picture: Path, out: Path) -> tuple[int, int]:
        """``jobs.make_thumbnail`` in a worker: the width and height in pixels. Raises as ``compare`` does."""
        answer = self._do(ThumbnailJob(picture=picture.absolute(), out=out.absolute()))
        assert isinstance(answer, Thumbnailed)
        return answer.width, answer.height

    def worker_pids(self) -> list[int]:
        """The processes that are running now, idle or busy."""
        with self._lock:
            return [worker.pid for worker in (*self._idle, *self._busy)]

    def close(self) -> None:
        """Refuse new jobs and end the idle workers; those at work end with their job. May be called twice."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, job: Job) -> Answer:
        with self._slots:
            try:
                answer = self._attempt(job, self._take)
            except _WorkerGone:
                try:
                    answer = self._attempt(job, self._start)
                except _WorkerGone:
                    raise ImagingWorkerLost(
                        "The process that compares pictures was killed twice over the same pictures; "
                        "there may be too little memory for their size."
                    ) from None
        if isinstance(answer, Failed):
            raise _ERRORS[answer.cause](answer.message)
        return answer

    def _attempt(self, job: Job, obtain: Callable[[], _Worker]) -> Answer:
        worker = obtain()
        try:
            answer = worker.ask(job)
        except BaseException:
            self._drop(worker)
            raise
        self._give_back(worker)
        return answer

    def _take(self) -> _Worker:
        """An idle worker that is still alive, or a new one."""
        while True:
            with self._lock:
                if not self._idle:
                    break
                worker = self._idle.pop()
                self._busy.add(worker)
            if worker.alive:
                return worker
            self._drop(worker)
        return self._start()

    def _start(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise ImagingFailed("The pool that compares pictures is closed.")
            worker = _Worker()
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            closed = self._closed
            if not closed:
                self._busy.remove(worker)
                self._idle.append(worker)
        if closed:
            self._drop(worker)

    def _drop(self, worker: _Worker) -> None:
        worker.end()
        with self._lock:
            self._busy.discard(worker)


_ERRORS: dict[str, type[SceneError]] = {"picture": PictureError, "file": StorageError, "internal": ImagingFailed}
