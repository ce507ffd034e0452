"""What the contract is told with: a clock that moves when it is told to, and short names for long stories."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.catalog import Batch, BatchDraft, BatchTask, Page, PageDraft, Project, ProjectDraft, Task, TaskDraft
from scene.domain.comparison import ComparisonStats
from scene.domain.matrix import expand, snapshot
from scene.domain.model import new_id
from scene.domain.options import ComparisonPolicy
from scene.domain.pictures import Artifact, ArtifactType, Comparison, ComparisonKind, Picture
from scene.domain.records import Actor, EventType
from scene.domain.renderers import Renderer
from scene.domain.runs import ExecutionPlan, Run, RunDraft, RunPlan
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.domain.viewport import Browser, Viewport
from scene.domain.webhooks import Delivery, Format, Webhook, WebhookDraft
from scene.store.auth import Sealed
from scene.store.base import Store
from scene.store.values import Admitted, AttemptOutcome, CapturedScreenshot, SliceRequest, Work

ANN = Actor(type="user", id="ann", address="192.0.2.1", user_agent="Test/1")
SEALED = Sealed("opaque", "key")
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RENDERER = Renderer(
    browser="chromium", engine="shell", version="1", platform="linux", fonts_sha256="f", device_scale_factor=1
)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def follow_the_machine(self) -> None:
        """Once: for what others judge by their own clocks."""
        self.now = datetime.now(UTC)


@dataclass
class World:
    store: Store
    clock: Clock
    pages: dict[str, Page] = field(default_factory=dict)
    file_bytes: int = 0
    """Of each file, of which then no two are the same; 0: as many as its name has."""

    def project(self, slug: str = "shop", name: str = "Shop") -> Project:
        return self.store.projects.create(ProjectDraft(name=name, slug=slug), ANN)

    def page(self, project: Project, name: str = "home") -> Page:
        return self.store.pages.create(project.id, PageDraft(name=name, url="https://shop.example/"), ANN)

    def task(
        self, project: Project, name: str = "look", viewports: int = 1, browser: Browser = Browser.CHROMIUM
    ) -> Task:
        """Of a page that the tasks of a project share."""
        if project.id not in self.pages:
            self.pages[project.id] = self.page(project)
        sizes = [Viewport(width=100 + index, height=100) for index in range(viewports)]
        draft = TaskDraft(name=name, page_id=self.pages[project.id].id, viewports=sizes, browsers=[browser])
        return self.store.tasks.create(project.id, draft, ANN)

    def batch(self, cells: int = 1, project: Project | None = None, name: str = "smoke") -> Batch:
        """One task with so many viewports."""
        project = project or self.project()
        task = self.task(project, f"task of {name}", cells)
        draft = BatchDraft(name=name, tasks=[BatchTask(task_id=task.id)], jira_issue="SHOP-1")
        return self.store.batches.create(project.id, draft, ANN)

    def plans(self, batch: Batch) -> list[ExecutionPlan]:
        project, _, matrix = self.store.batches.matrix(batch.id)
        return [plan for task, page in matrix for plan in expand(task, snapshot(project, page, task))]

    def run(
        self,
        batch: Batch,
        purpose: Purpose = Purpose.COMPARISON,
        baseline: Baseline | None = None,
        cells: list[int] | None = None,
        **draft: object,
    ) -> tuple[Run, list[Admitted]]:
        """Of the whole batch, or of these cells of its matrix."""
        asked = RunDraft.model_validate({"batch_id": batch.id, "purpose": purpose, **draft})
        plans = self.plans(batch)
        chosen = plans if cells is None else [plans[cell] for cell in cells]
        plan = RunPlan(chosen, baseline.id if baseline else None)
        return self.store.runs.create(asked, plan, ANN)[:2]

    def start(self, admitted: Admitted, worker: str = "w1", lease_seconds: float = 30) -> Work:
        work = self.store.executions.start(admitted.execution_id, admitted.attempt, worker, lease_seconds)
        assert work is not None
        return work

    def finish(self, admitted: Admitted, outcome: AttemptOutcome) -> list[Admitted]:
        more = self.store.executions.finish(admitted.execution_id, admitted.attempt, outcome)
        assert more is not None
        return more

    def carry_out(self, admitted: list[Admitted], percent: float = 0) -> None:
        """Start and finish these and everything that is admitted because of it."""
        waiting = list(admitted)
        while waiting:
            entry = waiting.pop(0)
            waiting += self.finish(entry, self.captured(self.start(entry), percent))

    def record(self, batch: Batch, **draft: object) -> Baseline:
        """A finished recording's baseline."""
        run, admitted = self.run(batch, Purpose.BASELINE_RECORDING, **draft)
        self.carry_out(admitted)
        recorded = self.store.runs.get(run.id).baseline_id
        assert recorded is not None
        return self.store.baselines.get(recorded)

    def captured(self, work: Work, percent: float = 0) -> AttemptOutcome:
        """A finished attempt with one picture for each target, which differs from its baseline by so much."""
        items = {item.target: item for item in work.baseline_items}
        shots = [self._shot(work, target.key, items.get(target.key), percent) for target in work.snapshot.targets]
        log = self.artifact("console.log", ArtifactType.CONSOLE, work)
        return AttemptOutcome(Status.FINISHED, duration_ms=1500, screenshots=shots, artifacts=[log])

    def _shot(self, work: Work, target: str, item: BaselineItem | None, percent: float) -> CapturedScreenshot:
        shot_id = new_id()
        compared = [self._comparison(work, shot_id, item, percent)] if item else []
        verdict = compared[0].verdict if compared else Verdict.NO_BASELINE
        if work.run.purpose is Purpose.BASELINE_RECORDING:
            verdict = None
        picture = self.picture(f"{work.execution.viewport.key} {target} {percent}")
        return CapturedScreenshot(shot_id, target, picture, RENDERER, verdict, frames=2, comparisons=compared)

    def _comparison(self, work: Work, shot_id: str, item: BaselineItem, percent: float) -> Comparison:
        return Comparison(
            masks=[],
            id=new_id(),
            screenshot_id=shot_id,
            kind=ComparisonKind.BASELINE,
            decides=True,
            baseline_item_id=item.id,
            against=item.picture,
            policy=ComparisonPolicy(),
            stats=stats(percent),
            verdict=Verdict.CHANGED if percent else Verdict.UNCHANGED,
            sentence="Nothing changed." if not percent else "One region changed.",
            against_renderer=RENDERER,
            renderer_differences=[],
            diff=self.artifact("diff.png", ArtifactType.DIFF, work) if percent else None,
            heatmap=self.artifact("heatmap.png", ArtifactType.HEATMAP, work) if percent else None,
            created_at=self.clock(),
        )

    def picture(self, content: str) -> Picture:
        return Picture(
            sha256=sha256(content.encode()).hexdigest(),
            width=100,
            height=200,
            image=self.artifact("home.png", ArtifactType.SCREENSHOT),
            thumbnail=self.artifact("home-thumbnail.png", ArtifactType.THUMBNAIL),
        )

    def artifact(self, name: str, kind: ArtifactType, work: Work | None = None) -> Artifact:
        return Artifact(
            id=new_id(),
            execution_id=work.execution.id if work else None,
            attempt=work.execution.attempt if work else None,
            type=kind,
            name=name,
            media_type="application/octet-stream",
            sha256=sha256((new_id() if self.file_bytes else name).encode()).hexdigest(),
            size=self.file_bytes or len(name),
            created_at=self.clock(),
        )

    def webhook(
        self,
        *events: EventType,
        project: Project | None = None,
        enabled: bool = True,
        style: Format = Format.SCENE,
    ) -> Webhook:
        draft = WebhookDraft(
            project_id=project.id if project else None,
            endpoint_url="https://hooks.example/scene",
            event_types=list(events or EventType),
            enabled=enabled,
            format=style,
        )
        return self.store.webhooks.create(draft, SEALED, ANN)

    def told(self, webhook: Webhook) -> list[str]:
        """Types of all its deliveries, oldest first."""
        return [str(delivery.event_type) for delivery in reversed(everything(self.store, webhook))]

    def allow(self, **settings: object) -> list[Admitted]:
        """Change settings; what may start because of it."""
        current = self.store.settings.get()
        return self.store.settings.replace(current.model_copy(update=settings), None, ANN)[1]


def everything(store: Store, webhook: Webhook) -> list[Delivery]:
    """All deliveries, newest first."""
    found: list[Delivery] = []
    cursor = None
    while True:
        part = store.deliveries.newest(webhook.id, SliceRequest(limit=100, cursor=cursor))
        found += part.items
        cursor = part.next_cursor
        if cursor is None:
            return found


def failed(reason: Reason = Reason.STATUS) -> AttemptOutcome:
    return AttemptOutcome(Status.FAILED, reason=reason, message="The page did not load.", duration_ms=10)


def stats(percent: float) -> ComparisonStats:
    changed = round(200 * percent)
    return ComparisonStats(
        engine="scene 1",
        identical=not percent,
        width=100,
        height=200,
        changed_pixels=changed,
        residual_pixels=changed,
        percent_changed=percent,
        antialiased_pixels=0,
        different_pixels=changed,
        max_colour_distance=0.5 if percent else 0,
        regions=[],
        total_regions=0,
        bounding_box=None,
        shift_bands=[],
        shift_rows=0,
        aligned=False,
        durations_ms={"compare": 1.5},
    )
