"""Old runs and baselines go, and what something needs stays."""

from datetime import timedelta

import pytest

from scene.domain.baselines import Baseline
from scene.domain.catalog import Batch, BatchDraft, ProjectDraft
from scene.domain.filters import ScreenshotFilter
from scene.domain.promotion import PromotionDraft
from scene.domain.quarantines import QuarantineDraft
from scene.domain.retention import Going, RetentionPlan, RetentionPolicy
from scene.domain.reviews import Decision, ReviewDraft, ReviewsDraft
from scene.domain.runs import Run
from scene.domain.status import Purpose
from scene.errors import NotFound
from scene.services.editing import merge
from scene.store.values import SliceRequest
from tests.contract.store.test_importing import brought, imported
from tests.contract.store.world import ANN, World, failed

DAY = 24 * 3600


def compared(world: World, batch: Batch, baseline: Baseline, percent: float = 0, **draft: object) -> Run:
    run, admitted = world.run(batch, baseline=baseline, **draft)
    world.carry_out(admitted, percent)
    return world.store.runs.get(run.id)


def promoted(world: World, run: Run, **draft: object) -> Baseline:
    world.store.reviews.decide_many(run.id, ReviewsDraft(decision="approved", allow_superseded=True), ANN)
    wanted = PromotionDraft.model_validate({"allow_superseded": True, **draft})
    return world.store.promotions.promote(run.id, wanted, ANN)[0]


def plan(world: World, batch: Batch, **policy: int) -> RetentionPlan:
    return world.store.retention.plan(batch.project_id, RetentionPolicy.model_validate(policy), 200)


def apply(world: World, found: RetentionPlan) -> list[bool]:
    return [world.store.retention.drop(going, ANN) for going in found.going]


def going(found: RetentionPlan, noun: str = "run") -> list[str]:
    return [each.id for each in found.going if each.noun == noun]


def kept(found: RetentionPlan) -> dict[str, str]:
    return {each.id: each.because for each in found.kept}


def exists(world: World, run: Run) -> bool:
    try:
        world.store.runs.get(run.id)
    except NotFound:
        return False
    return True


def test_without_limits_nothing_goes(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    for _ in range(3):
        compared(world, batch, baseline)
    found = plan(world, batch)
    assert (found.going, found.kept, found.runs) == ([], [], 0)


def test_the_newest_runs_of_a_batch_stay(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    old, middle, new = (compared(world, batch, baseline) for _ in range(3))
    found = plan(world, batch, runs=2)
    assert baseline.run_id is not None
    assert going(found) == [baseline.run_id, old.id], "the oldest first"
    assert found.going[1].because == "not among the newest 2 of its batch"
    assert apply(world, found) == [True, True]
    assert [exists(world, run) for run in (old, middle, new)] == [False, True, True]
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.data) == ("run.deleted", {"because": "not among the newest 2 of its batch"})
    assert world.store.baselines.get(baseline.id) == baseline, "and keeps its pictures"
    assert all(item.picture.image.id for item in world.store.baselines.items(baseline.id, SliceRequest()).items)


def test_old_ones_go_but_for_the_newest_of_each_line(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    old, new = (compared(world, batch, baseline) for _ in range(2))
    branch = compared(world, batch, baseline, line="branch")
    world.clock.pass_seconds(10 * DAY)
    found = plan(world, batch, days=9)
    assert going(found) == [baseline.run_id, old.id]
    assert (kept(found)[new.id], kept(found)[branch.id]) == ("the newest run of its line",) * 2
    assert going(plan(world, batch, days=11)) == []


def test_what_waits_for_a_decision_stays_until_a_newer_run_makes_it_old(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    waiting = compared(world, batch, baseline, 5, labels={"branch": "a"})
    compared(world, batch, baseline, labels={"branch": "b"})
    assert kept(plan(world, batch, runs=1))[waiting.id] == "something waits for a decision"
    compared(world, batch, baseline, labels={"branch": "a", "commit": "2"})
    assert waiting.id in going(plan(world, batch, runs=1))


def test_what_is_decided_meanwhile_is_looked_at_again(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    run = compared(world, batch, baseline, 5, labels={"branch": "a"})
    done = world.store.reviews.decide_many(run.id, ReviewsDraft(decision="rejected"), ANN)
    compared(world, batch, baseline, labels={"branch": "b"})
    found = plan(world, batch, runs=1)
    world.store.reviews.take_back(run.id, done.group_id, ANN)
    assert apply(world, found) == [True, False], "the recording, and not what waits for a decision again"
    assert exists(world, run)


def test_active_runs_and_what_they_repeat_stay(world: World) -> None:
    batch = world.batch(cells=2)
    repeated, admitted = world.run(batch, Purpose.BASELINE_RECORDING)
    for entry in admitted:
        world.start(entry)
        world.finish(entry, failed())
    active, _ = world.run(batch, Purpose.BASELINE_RECORDING, cells=[0], rerun_of=repeated.id)
    found = plan(world, batch, runs=1, days=1)
    assert going(found) == []
    assert not world.store.retention.drop(_as_going(repeated), ANN)
    assert not world.store.retention.drop(_as_going(active), ANN)


def _as_going(run: Run) -> Going:
    return Going(
        noun="run",
        id=run.id,
        batch_id=run.batch_id or "",
        batch_name="",
        line=run.line,
        created_at=run.created_at,
        because="",
    )


def test_the_evidence_of_a_quarantine_stays_until_its_end(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    until = world.clock.now + timedelta(days=2)
    draft = QuarantineDraft(task_id=batch.tasks[0].task_id, reason="r", owner="o", expires_at=until)
    world.store.quarantines.create(batch.project_id, draft, ANN)
    evidence = compared(world, batch, baseline, 5)
    compared(world, batch, baseline)
    assert kept(plan(world, batch, runs=1))[evidence.id] == "evidence of a quarantine that goes on"
    world.clock.pass_seconds(2 * DAY)
    assert evidence.id in going(plan(world, batch, runs=1))


def test_the_newest_baselines_of_a_line_stay_and_those_that_runs_compared_with(world: World) -> None:
    batch = world.batch()
    old, used, current = (world.record(batch) for _ in range(3))
    compared(world, batch, used)
    found = plan(world, batch, baselines=1)
    assert going(found, "baseline") == [old.id]
    assert "compared with it" in kept(found)[used.id]
    assert apply(world, found) == [True]
    with pytest.raises(NotFound):
        world.store.baselines.get(old.id)
    assert world.store.baselines.latest(batch.id, "main") == current
    assert world.store.records.audit(SliceRequest()).items[0].action == "baseline.deleted"


def test_with_its_last_run_a_baseline_goes_too(world: World) -> None:
    batch = world.batch()
    old = world.record(batch)
    compared(world, batch, old)
    current = world.record(batch)
    compared(world, batch, current)
    found = plan(world, batch, runs=1, baselines=1)
    assert (len(going(found)), going(found, "baseline")) == (3, [old.id])
    assert all(apply(world, found))


def test_a_pinned_baseline_stays(world: World) -> None:
    batch = world.batch()
    pinned = world.record(batch)
    world.record(batch)
    policy = {"baseline_policy": {"use": "pinned", "baseline_id": pinned.id}}
    world.store.batches.replace(batch.id, merge(BatchDraft, batch, policy), None, ANN)
    found = plan(world, batch, baselines=1)
    assert (going(found, "baseline"), kept(found)[pinned.id]) == ([], "its batch pins it")


def test_where_a_line_forked_stays(world: World) -> None:
    batch = world.batch()
    fork = world.record(batch)
    for percent in (5, 7):
        newest = world.store.baselines.latest(batch.id, "branch") or fork
        promoted(world, compared(world, batch, newest, percent, line="branch", parent_line="main"))
    world.record(batch)
    found = plan(world, batch, baselines=1)
    assert going(found, "baseline") == []
    assert set(kept(found).values()) >= {"a line forked from it, or from one before it"}


def test_a_picture_that_a_baseline_or_an_alternative_shows_stays(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    run = compared(world, batch, baseline, 5)
    made = promoted(world, run)
    compared(world, batch, made, labels={})
    assert all(apply(world, plan(world, batch, runs=1)))
    assert not exists(world, run)
    [item] = world.store.baselines.items(made.id, SliceRequest()).items
    assert item.origin is not None
    assert item.origin.run_id == run.id, "where it came from is still told"
    assert world.store.artifacts.referenced([item.picture.image.sha256]) == {item.picture.image.sha256}


def test_the_picture_of_an_alternative_outlives_the_run_that_it_came_from(world: World) -> None:
    batch = world.batch()
    run = compared(world, batch, world.record(batch), 5)
    [shot] = world.store.screenshots.of_run(run.id, SliceRequest(), ScreenshotFilter()).items
    world.store.reviews.decide(shot.id, ReviewDraft(decision=Decision.APPROVED, as_alternative=True), ANN)
    made = world.store.promotions.promote(run.id, PromotionDraft(), ANN)[0]
    compared(world, batch, made)
    assert all(apply(world, plan(world, batch, runs=1)))
    [item] = world.store.baselines.items(made.id, SliceRequest()).items
    assert shot.picture is not None
    assert [other.picture for other in item.alternatives] == [shot.picture]


def test_beyond_the_megabytes_the_oldest_runs_go(world: World) -> None:
    batch = world.batch()
    world.file_bytes = 400_000
    baseline = world.record(batch)
    old, middle, new = (compared(world, batch, baseline, labels={"n": "1"}) for _ in range(3))
    assert plan(world, batch, max_mb=3).runs == 0
    found = plan(world, batch, max_mb=1)
    assert found.size == 6 * 400_000, "a picture with its thumbnail, and four logs"
    assert going(found) == [baseline.run_id, old.id, middle.id]
    assert (found.going[1].because, found.size_going) == ("the project has more than 1 MB", 3 * 400_000)
    assert kept(found)[new.id] == "the newest run of its line"


def test_a_picture_counts_once_whatever_shows_it(world: World) -> None:
    world.file_bytes = 1_000
    batch = world.batch()
    baseline = imported(world, batch, brought(world, batch, "own", 0, "alternative"))
    for _ in range(2):
        compared(world, batch, baseline)
    assert plan(world, batch).size == (2 * 3 + 2) * 1_000, "three pictures with their thumbnails, and two logs"


def test_projects_with_a_limit_are_known(world: World) -> None:
    project = world.project()
    assert world.store.retention.limited() == []
    world.store.projects.replace(project.id, merge(ProjectDraft, project, {"retention": {"runs": 5}}), None, ANN)
    assert world.store.retention.limited() == [project.id]
