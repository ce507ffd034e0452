"""Scene tests its own pages: a second Scene records them, compares them again, and must find nothing changed.

.venv/bin/python tools/dogfood.py

The first one shows the sample site of the demo. Its times are masked; everything else must stand still by itself.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scene import logs
from scene.bootstrap import Scene, Services
from scene.demo.main_job import VIEWPORTS, MainJob
from scene.demo.server import SampleSite
from scene.domain.catalog import BatchDraft, BatchTask, PageDraft, ProjectDraft, TaskDraft
from scene.domain.filters import EVERY_EXECUTION, ScreenshotFilter
from scene.domain.masks import Mask
from scene.domain.options import CaptureOptions, ComparisonPolicy
from scene.domain.promotion import PromotionDraft
from scene.domain.records import Actor
from scene.domain.reviews import Decision, ReviewDraft
from scene.domain.runs import Run, RunDraft
from scene.domain.status import Purpose, Verdict
from scene.listening import listen
from scene.server import web_server
from scene.settings import load_settings
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.project_views import TABS
from scene.web.render import STATIC, asset

BY = Actor(type="system", id="dogfood")
POLL_SECONDS = 0.2


def main() -> int:
    logs.configure(load_settings().model_copy(update={"log_level": "warning"}))
    with (
        tempfile.TemporaryDirectory() as folder,
        shown(Path(folder, "shown")) as (url, paths),
        Scene(load_settings(data_dir=Path(folder, "testing"))) as testing,
    ):
        batch_id = describe(testing.services, url, paths)
        recorded = carry_out(testing.services, batch_id, Purpose.BASELINE_RECORDING)
        compared = carry_out(testing.services, batch_id, Purpose.COMPARISON)
        told = [*sentences(testing.services, recorded), *sentences(testing.services, compared)]
    summary = compared.summary
    sys.stderr.write("".join(f"{line}\n" for line in told))
    sys.stderr.write(f"{summary.unchanged} of {summary.total} pictures of Scene's own pages are unchanged.\n")
    return 0 if summary.total and summary.unchanged == summary.total else 1


@contextmanager
def shown(data_dir: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A Scene with the demo's run: its address, and its pages by name."""
    font = STATIC / asset("demo-font.woff2").removeprefix("/static/")
    settings = load_settings(data_dir=data_dir, port=0)
    with SampleSite(font=font) as site, listen(settings, traces=False) as listeners, Scene(settings) as scene:
        server = web_server(scene.services, settings, listeners)
        serving = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets})
        serving.start()
        try:
            run = MainJob(scene.services, site, lambda *_: None).run().run
            yield listeners.url, pages_of(scene.services, run)
        finally:
            server.should_exit = True
            serving.join()


def pages_of(services: Services, run: Run) -> dict[str, str]:
    project = f"/projects/{run.project_id}"
    execution = services.history.changed_first(run.id, SliceRequest(limit=1)).items[0]
    baseline = promoted(services, run)
    return {
        "Projects": "/projects",
        **{f"Project: {tab}": f"{project}/{tab}" for tab in TABS},
        "Runs": "/runs",
        "Run": f"/runs/{run.id}",
        "Viewer": f"/runs/{run.id}/viewer",
        "Execution": f"/executions/{execution.id}",
        "History of a task": f"/tasks/{execution.task_id}/history",
        "History of a batch": f"/batches/{run.batch_id}/history",
        "Baselines of a batch": f"/batches/{run.batch_id}/baselines",
        "Baseline": f"/baselines/{baseline}",
        "Two baselines": f"/baselines/{baseline}/compare",
        "Webhooks": "/webhooks",
        "Not found": "/runs/unknown",
    }


def promoted(services: Services, run: Run) -> str:
    """The id of a second baseline, with the first change of the run approved."""
    found = services.history.screenshots_of_run(run.id, SliceRequest(limit=MAX_SLICE), ScreenshotFilter()).items
    changed = next(shot for shot in found if shot.verdict is Verdict.CHANGED)
    services.reviews.decide(changed.id, ReviewDraft(decision=Decision.APPROVED), BY)
    return services.promotions.promote(run.id, PromotionDraft(notes="Looked at"), BY, None)[0].id


def describe(services: Services, url: str, paths: dict[str, str]) -> str:
    """The id of the batch of all pages: light where they are wide, dark on a phone."""
    project = services.projects.create(ProjectDraft(name="Scene", slug="scene", base_url=url), BY)
    policy = ComparisonPolicy(masks=[Mask(selector="time")])
    task_ids = []
    for name, path in paths.items():
        expected = {"expected_status": [404]} if name == "Not found" else {}
        page = services.pages.create(project.id, PageDraft.model_validate({"name": name, "url": path, **expected}), BY)
        for scheme, viewport in zip(("light", "dark"), VIEWPORTS, strict=True):
            draft = TaskDraft(
                name=f"{name}, {scheme}",
                page_id=page.id,
                viewports=[viewport],
                capture=CaptureOptions.model_validate({"color_scheme": scheme}),
                policy=policy,
            )
            task_ids.append(services.tasks.create(project.id, draft, BY).id)
    tasks = [BatchTask(task_id=task_id) for task_id in task_ids]
    return services.batches.create(project.id, BatchDraft(name="Every page", tasks=tasks), BY).id


def carry_out(services: Services, batch_id: str, purpose: Purpose) -> Run:
    run = services.runs.create(RunDraft(batch_id=batch_id, purpose=purpose), BY)
    while not run.status.ended:
        time.sleep(POLL_SECONDS)
        run = services.runs.get(run.id)
    return run


def sentences(services: Services, run: Run) -> list[str]:
    """Of what failed or differs."""
    found = services.history.executions(run.id, SliceRequest(limit=MAX_SLICE), EVERY_EXECUTION).items
    shots = services.history.screenshots([execution.id for execution in found])
    return [
        f"{each.task_name}, {each.viewport.name}: {each.message or ' '.join(s.sentence for s in shots[each.id])}"
        for each in found
        if each.reason or (each.verdict is not None and each.verdict is not Verdict.UNCHANGED)
    ]


if __name__ == "__main__":
    sys.exit(main())
