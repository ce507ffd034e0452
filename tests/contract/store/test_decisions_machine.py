"""Whatever people decide, promote, restore, let go and sweep, in whatever order: baselines never change, every picture
that something shows is there, and every decision is in the audit log."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import StoreOptions
from scene.domain.baselines import Baseline, BaselineItem
from scene.domain.filters import ScreenshotFilter
from scene.domain.importing import ImportDraft, PicturePlace
from scene.domain.pictures import Artifact, ArtifactType, Picture, Screenshot
from scene.domain.promotion import CarryingDraft, PromotionDraft, RestorationDraft
from scene.domain.retention import RetentionPolicy
from scene.domain.reviews import Decision, ReviewDraft, ReviewsDraft
from scene.domain.status import Purpose, Verdict
from scene.errors import Conflict, NotFound
from scene.store.values import CapturedScreenshot, ImportedItem, SliceRequest, Work
from tests.contract.store.world import ANN, RENDERER, World

GRACE = timedelta(hours=1)
CELLS = 3
MOST = SliceRequest(limit=100)

LINES = ("main", "branch")
WEIGHTS = {
    "record": 2,
    "compare": 6,
    "decide": 4,
    "decide_many": 3,
    "take_back": 2,
    "accept": 4,
    "promote": 3,
    "carry": 2,
    "make_current": 2,
    "bring_in": 2,
    "retain": 2,
    "delete_run": 1,
    "delete_baseline": 1,
    "sweep": 2,
}
"""How often each is done: what leads further more often than what makes an end of it."""


@dataclass
class StoredWorld(World):
    """Whose pictures and files are in an artifact store."""

    blobs: BlobStore | None = None
    looks: Sequence[int] = ()

    def picture(self, content: str) -> Picture:
        image = self.file(content, ArtifactType.SCREENSHOT)
        return Picture(
            sha256=image.sha256,
            width=100,
            height=200,
            image=image,
            thumbnail=self.file(f"small {content}", ArtifactType.THUMBNAIL),
        )

    def artifact(self, name: str, kind: ArtifactType, work: Work | None = None) -> Artifact:
        return self.file(f"{name} {self.looks}", kind, work)

    def file(self, content: str, kind: ArtifactType, work: Work | None = None) -> Artifact:
        assert self.blobs is not None
        blob = self.blobs.put_bytes(content.encode())
        told = super().artifact(f"{kind}.bin", kind, work)
        return told.model_copy(update={"sha256": blob.sha256, "size": blob.size})

    def _shot(self, work: Work, target: str, item: BaselineItem | None, percent: float) -> CapturedScreenshot:
        """The picture decides whether anything changed: that of an alternative is unchanged too."""
        picture = self.picture(f"{work.execution.viewport.key} looks like {self.looks[work.execution.position]}")
        same = item and picture.sha256 in (item.picture.sha256, *(other.picture.sha256 for other in item.alternatives))
        shot = super()._shot(work, target, item, 0 if same else 5)
        return CapturedScreenshot(**{**shot.__dict__, "picture": picture})


class Deciding(RuleBasedStateMachine):
    def __init__(self, world: StoredWorld) -> None:
        super().__init__()
        self.world = world
        self.store = world.store
        self.frozen: dict[str, tuple[Baseline, list[BaselineItem]]] = {}
        self.runs: list[str] = []
        self.groups: list[tuple[str, str]] = []
        self.audited: list[tuple[str, set[str]]] = []
        self.steps = 0

    @initialize()
    def describe(self) -> None:
        self.batch = self.world.batch(cells=CELLS)
        self.plans = self.world.plans(self.batch)

    @rule(seed=st.integers(0, 2**32))
    def act(self, seed: int) -> None:
        """One of them at random. Hypothesis alone likes to do the same again and again, which leads nowhere here."""
        self.steps += 1
        random = Random(f"{seed} {self.steps}")
        getattr(self, random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0])(random)

    # What people and servers do

    def record(self, random: Random) -> None:
        self.carry_out(Purpose.BASELINE_RECORDING, random, random.choice(LINES), None)

    def compare(self, random: Random) -> None:
        line = random.choice(LINES)
        found = self.store.baselines.latest(self.batch.id, line) or self.store.baselines.latest(self.batch.id, "main")
        self.carry_out(Purpose.COMPARISON, random, line, found, labels={"branch": random.choice("ab")})

    def carry_out(self, purpose: Purpose, random: Random, line: str, baseline: Baseline | None, **draft: Any) -> None:
        """Of the batch, in which each cell has one of three looks at the moment."""
        self.world.looks = [random.randrange(3) for _ in range(CELLS)]
        parent = "main" if line != "main" else None
        run, admitted = self.world.run(self.batch, purpose, baseline, line=line, parent_line=parent, **draft)
        self.world.carry_out(admitted)
        self.runs.append(run.id)

    def decide(self, random: Random) -> None:
        shots = self.shots(random.choice(self.runs)) if self.runs else []
        if not shots:
            return
        shot, decision = random.choice(shots), random.choice(list(Decision))
        version = shot.review.version if shot.review else None
        other = decision is Decision.APPROVED and random.random() < 0.3
        draft = ReviewDraft(decision=decision, version=version, as_alternative=other, allow_superseded=True)
        with suppress(Conflict):
            after = self.store.reviews.decide(shot.id, draft, ANN)
            if after.review != shot.review:
                self.audited.append((decision, {shot.id}))

    def decide_many(self, random: Random) -> None:
        if not self.runs:
            return
        decision = random.choice((Decision.APPROVED, Decision.REJECTED))
        draft = ReviewsDraft.model_validate({"decision": decision, "allow_superseded": True})
        run_id = random.choice(self.runs)
        with suppress(Conflict):
            done = self.store.reviews.decide_many(run_id, draft, ANN)
            if done.screenshot_ids:
                self.groups.append((run_id, done.group_id))
                self.audited.append((decision, set(done.screenshot_ids)))

    def take_back(self, random: Random) -> None:
        if not self.groups:
            return
        done = self.store.reviews.take_back(*random.choice(self.groups), ANN)
        if done.screenshot_ids:
            self.audited.append((Decision.PENDING, set(done.screenshot_ids)))

    def accept(self, random: Random) -> None:
        """Everything of a run that changed, at once a baseline: the usual way."""
        if not self.runs:
            return
        run_id, as_alternative = random.choice(self.runs), random.random() < 0.3
        for shot in self.shots(run_id):
            if shot.review is None or shot.review.decided:
                continue
            other = as_alternative and shot.verdict is Verdict.CHANGED
            draft = ReviewDraft(decision=Decision.APPROVED, as_alternative=other, allow_superseded=True)
            self.store.reviews.decide(shot.id, draft, ANN)
            self.audited.append((Decision.APPROVED, {shot.id}))
        with suppress(Conflict):
            self.store.promotions.promote(run_id, PromotionDraft(overwrite=True, allow_superseded=True), ANN)

    def promote(self, random: Random) -> None:
        line, overwrite = random.choice((None, *LINES)), random.random() < 0.5
        draft = PromotionDraft(line=line, overwrite=overwrite, allow_superseded=True)
        with suppress(Conflict, IndexError):
            self.store.promotions.promote(random.choice(self.runs), draft, ANN)

    def carry(self, random: Random) -> None:
        if not self.frozen:
            return
        baseline, _ = random.choice(list(self.frozen.values()))
        other = "branch" if baseline.line == "main" else "main"
        with suppress(Conflict):
            self.store.promotions.carry(baseline.id, CarryingDraft(line=other, overwrite=random.random() < 0.5), ANN)

    def make_current(self, random: Random) -> None:
        if not self.frozen:
            return
        baseline, items = random.choice(list(self.frozen.values()))
        with suppress(Conflict):
            made, _ = self.store.promotions.restore(baseline.id, RestorationDraft(), ANN)
            assert digests(self.items(made.id)) == digests(items)

    def bring_in(self, random: Random) -> None:
        plan = random.choice(self.plans)
        place = PicturePlace(
            task_id=plan.snapshot.task_id,
            task_name=plan.snapshot.task_name,
            browser=plan.browser,
            viewport_key=plan.viewport.key,
            target="full",
        )
        picture = self.world.picture(f"{plan.viewport.key} looks like {random.randrange(4)}")
        item = ImportedItem(place, "a.png", picture, RENDERER, [], plan.snapshot)
        draft = ImportDraft(line=random.choice(LINES), only_these=random.random() < 0.3)
        self.store.promotions.bring_in(self.batch.id, draft, [item], ANN)

    def retain(self, random: Random) -> None:
        current = {line: self.store.baselines.latest(self.batch.id, line) for line in LINES}
        limits = {name: random.choice((None, 1, 2)) for name in ("runs", "baselines", "days")}
        plan = self.store.retention.plan(self.batch.project_id, RetentionPolicy.model_validate(limits), None)
        for going in plan.going:
            assert self.store.retention.drop(going, ANN), f"nothing came between: {going}"
        for line, before in current.items():
            assert self.store.baselines.latest(self.batch.id, line) == before
        self.forget()

    def delete_run(self, random: Random) -> None:
        if self.runs:
            self.store.runs.delete(random.choice(self.runs), ANN)
        self.forget()

    def delete_baseline(self, random: Random) -> None:
        with suppress(Conflict, IndexError):
            self.store.baselines.delete(random.choice(sorted(self.frozen)), ANN)
        self.forget()

    def sweep(self, _: Random) -> None:
        """What was set aside by the one before is removed by this one."""
        self.world.clock.pass_seconds(30 * 3_600)
        assert self.world.blobs is not None
        for _part in self.world.blobs.sweep(self.store.artifacts.referenced):
            pass

    # What must hold, whatever they do

    @invariant()
    def baselines_never_change(self) -> None:
        there = {each.id: each for each in self.baselines()} if hasattr(self, "batch") else {}
        for baseline_id, (baseline, items) in self.frozen.items():
            assert there.get(baseline_id) == baseline
            assert self.items(baseline_id) == items
        for baseline_id, baseline in there.items():
            self.frozen.setdefault(baseline_id, (baseline, self.items(baseline_id)))

    @invariant()
    def every_picture_is_there(self) -> None:
        shown = [picture for _, items in self.frozen.values() for item in items for picture in pictures_of(item)]
        for run_id in self.runs:
            for shot in self.shots(run_id):
                against = [comparison.against for comparison in shot.comparisons]
                shown += [each for each in (shot.picture, shot.missing_picture, *against) if each is not None]
        wanted = {file.sha256 for picture in shown for file in (picture.image, picture.thumbnail)}
        assert self.store.artifacts.referenced(wanted) == wanted
        assert self.world.blobs is not None
        for digest in wanted:
            assert sha256(b"".join(self.world.blobs.read(digest))).hexdigest() == digest

    def teardown(self) -> None:
        """Every decision is in the audit log, in its order, and nothing is there that nobody decided."""
        actions = {"approved": Decision.APPROVED, "rejected": Decision.REJECTED, "taken_back": Decision.PENDING}
        found, cursor = [], None
        while True:
            part = self.store.records.audit(SliceRequest(limit=100, cursor=cursor))
            for entry in part.items:
                noun, _, verb = entry.action.partition(".")
                if noun == "review":
                    shots = {target.partition(":")[2] for target in entry.targets if target.startswith("screenshot:")}
                    found.append((actions[verb], shots))
            if (cursor := part.next_cursor) is None:
                break
        assert list(reversed(found)) == self.audited

    # What they look at

    def forget(self) -> None:
        """What is gone is gone by somebody's wish."""
        there = {each.id for each in self.baselines()}
        self.frozen = {baseline_id: known for baseline_id, known in self.frozen.items() if baseline_id in there}
        self.runs = [run_id for run_id in self.runs if self.is_there(run_id)]
        self.groups = [(run_id, group) for run_id, group in self.groups if run_id in self.runs]

    def is_there(self, run_id: str) -> bool:
        with suppress(NotFound):
            return bool(self.store.runs.get(run_id))
        return False

    def baselines(self) -> list[Baseline]:
        return self.store.baselines.newest(None, self.batch.id, MOST).items

    def items(self, baseline_id: str) -> list[BaselineItem]:
        return self.store.baselines.items(baseline_id, MOST).items

    def shots(self, run_id: str) -> list[Screenshot]:
        return self.store.screenshots.of_run(run_id, MOST, ScreenshotFilter()).items


def pictures_of(item: BaselineItem) -> list[Picture]:
    return [item.picture, *(other.picture for other in item.alternatives)]


def digests(items: list[BaselineItem]) -> list[list[str]]:
    return [[picture.sha256 for picture in pictures_of(item)] for item in items]


EXAMPLES = {"sqlite": 12, "postgresql": 4}


@pytest.mark.timeout(600)
def test_no_order_of_decisions_loses_anything(
    make_world: Callable[[], World], engine_name: str, tmp_path: Path
) -> None:
    numbers = iter(range(10_000))

    def machine() -> Deciding:
        world = make_world()
        world.clock.follow_the_machine()
        folder = tmp_path / f"blobs {next(numbers)}"
        blobs = BlobStore(folder.as_uri(), StoreOptions(), grace=GRACE, scratch=tmp_path, clock=world.clock)
        return Deciding(StoredWorld(world.store, world.clock, blobs=blobs))

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES[engine_name],
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
