"""Sweeps from time to time while a server runs."""

import threading
from dataclasses import asdict
from typing import Final

import structlog

from scene.errors import StorageError
from scene.services.sweep import Sweep

log = structlog.get_logger(__name__)

_STOP_SECONDS: Final = 5
"""A store that hangs in the middle of a step must not hold up the end; no step leaves anything half-done."""


class SweepSchedule:
    def __init__(self, sweep: Sweep, interval_seconds: float) -> None:
        """interval_seconds: from the end of a sweep to the start of the next; 0 never sweeps."""
        self._sweep = sweep
        self._interval_seconds = interval_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        if self._interval_seconds:
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval_seconds):
            try:
                report = self._sweep.run(stopping=self._stopping.is_set)
            except StorageError as error:
                log.warning("not_swept", error=error.message)
            except Exception:
                log.exception("sweep_broke")
            else:
                log.info("swept", **asdict(report.blobs), dry_runs=report.dry_runs, temporary=report.temporary)
