"""Progress bars on stderr, one for each run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from scene.domain.runs import RunSummary


class AnyRun(Protocol):
    """A run of the domain, or one that a server told of."""

    @property
    def id(self) -> str: ...

    @property
    def summary(self) -> RunSummary: ...


class Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, doing: str, run: AnyRun) -> None:
        """Show how far the run is; doing names its bar."""
        if run.id not in self._tasks:
            self._tasks[run.id] = self._progress.add_task(doing, total=run.summary.total)
        self._progress.update(self._tasks[run.id], completed=run.summary.ended)


@contextmanager
def progress_bars() -> Iterator[Bars]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bars(progress)
