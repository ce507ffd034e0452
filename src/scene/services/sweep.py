"""Make room: remove what nothing refers to and nobody needs any more."""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from scene.artifacts.base import ArtifactStore, Swept
from scene.errors import StorageError
from scene.store.base import Store
from scene.telemetry.metrics import SWEPT_BYTES

_DRY_RUNS_STAY: Final = timedelta(days=1)
_TEMPORARY: Final = ("attempt-*", "scene-blob-*", "import-*")
"""What a process that was killed leaves in the work folder."""


@dataclass(frozen=True)
class SweepReport:
    dry_run: bool
    blobs: Swept
    dry_runs: int
    """Dry runs that are older than a day."""
    temporary: int
    """Folders and files of attempts that nobody carries out any more."""
    complete: bool
    """Not when it was told to stop."""


class Sweep:
    """Safe beside running servers and other sweeps: needs the store and the artifacts, no lock and no queue."""

    def __init__(
        self,
        store: Store,
        artifacts: ArtifactStore,
        *,
        work_dir: Path,
        grace: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._artifacts = artifacts
        self._work_dir = work_dir
        self._grace = grace
        self._clock = clock

    def run(self, *, dry_run: bool = False, stopping: Callable[[], bool] = lambda: False) -> SweepReport:
        """dry_run: only say what would go. Raises StorageError, having removed nothing that is needed."""
        dry_runs = self._store.runs.purge_dry(self._clock() - _DRY_RUNS_STAY, dry_run)
        blobs = Swept()
        for part in self._artifacts.sweep(self._store.artifacts.referenced, dry_run=dry_run):
            blobs += part
            SWEPT_BYTES.inc(part.removed_bytes if not dry_run else 0)
            if stopping():
                return SweepReport(dry_run, blobs, dry_runs, temporary=0, complete=False)
        return SweepReport(dry_run, blobs, dry_runs, temporary=self._clear_work_dir(dry_run=dry_run), complete=True)

    def _clear_work_dir(self, *, dry_run: bool) -> int:
        before = (self._clock() - self._grace).timestamp()
        count = 0
        try:
            for path in [found for pattern in _TEMPORARY for found in self._work_dir.glob(pattern)]:
                with contextlib.suppress(FileNotFoundError):  # Its attempt ended just now.
                    if path.stat().st_mtime < before:
                        count += 1
                        if not dry_run:
                            _remove(path)
        except OSError as error:
            raise StorageError(f"The work folder could not be swept: {error.strerror}.") from error
        return count


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
