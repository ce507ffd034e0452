"""Sweeps from time to time while a server runs."""

from dataclasses import asdict

import structlog

from scene.services.sweep import Sweep
from scene.worker.periodic import Periodic

log = structlog.get_logger(__name__)


class SweepSchedule(Periodic):
    def __init__(self, sweep: Sweep, interval_seconds: float) -> None:
        """interval_seconds: from the end of a sweep to the start of the next; 0 never sweeps."""
        super().__init__("sweep", self._sweep_once, interval_seconds)
        self._sweep = sweep

    def _sweep_once(self) -> None:
        report = self._sweep.run(stopping=lambda: self.stopping)
        log.info("swept", **asdict(report.blobs), dry_runs=report.dry_runs, temporary=report.temporary)
