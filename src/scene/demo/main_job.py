"""The main job on the sample site: describe it, record version 1, change to version 2, compare."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from scene.bootstrap import Services
from scene.demo.mutations import expected_verdicts
from scene.demo.server import SampleSite
from scene.demo.site import pages
from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.comparison import ComparisonStats
from scene.domain.records import Actor
from scene.domain.runs import Execution, Run, RunDraft
from scene.domain.status import Purpose, Status, Verdict
from scene.domain.viewport import Viewport
from scene.errors import SetupError
from scene.store.values import MAX_SLICE, SliceRequest

VIEWPORTS = [
    Viewport(name="desktop", width=1280, height=800),
    Viewport(name="phone", width=390, height=844, device_scale_factor=2, mobile=True),
]
_BY = Actor(type="system", id="demo")
_POLL_SECONDS = 0.1

OnProgress = Callable[[str, Run], None]
"""Called with what is being done and how far its run is."""


@dataclass(frozen=True)
class DemoExecution:
    """One line of the demo's result."""

    execution: Execution
    expected: Verdict
    stats: ComparisonStats | None
    sentence: str

    @property
    def as_expected(self) -> bool:
        return self.execution.verdict is self.expected


@dataclass(frozen=True)
class DemoResult:
    run: Run
    executions: list[DemoExecution]

    @property
    def as_expected(self) -> bool:
        return bool(self.executions) and all(each.as_expected for each in self.executions)


class MainJob:
    def __init__(self, services: Services, site: SampleSite, on_progress: OnProgress) -> None:
        self._services = services
        self._site = site
        self._on_progress = on_progress

    def run(self) -> DemoResult:
        """Raises SetupError when the recording fails: nothing can be compared then."""
        batch_id, slugs = self._describe()
        self._site.version = 1
        recording = self._execute(batch_id, Purpose.BASELINE_RECORDING, "Recording version 1")
        if recording.baseline_id is None:
            raise SetupError(f"The sample site could not be recorded. {self._first_failure(recording)}")
        self._site.version = 2
        comparison = self._execute(batch_id, Purpose.COMPARISON, "Comparing version 2")
        return DemoResult(comparison, self._executions(comparison, slugs))

    def _describe(self) -> tuple[str, dict[str, str]]:
        """The batch's id, and the page slug of each task id."""
        services = self._services
        draft = ProjectDraft(name="Sample site", slug="sample-site", base_url=self._site.url)
        project = services.projects.create(draft, _BY)
        slugs: dict[str, str] = {}
        for sample in pages():
            page = services.pages.create(project.id, PageDraft(name=sample.name, url=sample.path), _BY)
            task = services.tasks.create(
                project.id, TaskDraft(name=sample.name, page_id=page.id, viewports=VIEWPORTS), _BY
            )
            slugs[task.id] = sample.slug
        batch = services.batches.create(
            project.id, BatchDraft(name="All pages", tasks=[BatchTask(task_id=task_id) for task_id in slugs]), _BY
        )
        return batch.id, slugs

    def _execute(self, batch_id: str, purpose: Purpose, doing: str) -> Run:
        run = self._services.runs.create(RunDraft(batch_id=batch_id, purpose=purpose), _BY)
        while not run.status.ended:
            self._on_progress(doing, run)
            time.sleep(_POLL_SECONDS)
            run = self._services.runs.get(run.id)
        self._on_progress(doing, run)
        return run

    def _all_executions(self, run: Run) -> list[Execution]:
        found = self._services.history.executions(run.id, SliceRequest(limit=MAX_SLICE))
        return found.items

    def _first_failure(self, run: Run) -> str:
        failed = [each for each in self._all_executions(run) if each.status is Status.FAILED]
        return f"{failed[0].task_name}: {failed[0].message}" if failed else ""

    def _executions(self, run: Run, slugs: dict[str, str]) -> list[DemoExecution]:
        executions = self._all_executions(run)
        screenshots = self._services.history.screenshots([execution.id for execution in executions])
        expected = expected_verdicts()
        lines = []
        for execution in executions:
            deciding = next((shot.deciding for shot in screenshots[execution.id] if shot.deciding), None)
            lines.append(
                DemoExecution(
                    execution=execution,
                    expected=expected[slugs[execution.task_id]],
                    stats=deciding.stats if deciding else None,
                    sentence=deciding.sentence if deciding else execution.message,
                )
            )
        return lines
