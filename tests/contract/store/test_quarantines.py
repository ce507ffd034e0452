"""What is known to be shaky: captured and shown as ever, and for a while counted in no verdict."""

from datetime import datetime, timedelta

import pytest

from scene.domain.catalog import Batch
from scene.domain.filters import ExecutionFilter
from scene.domain.quarantines import AlreadyQuarantined, Quarantine, QuarantineDraft
from scene.domain.reviews import ReviewsDraft
from scene.domain.runs import Run
from scene.domain.status import Purpose, Status, Verdict
from scene.errors import Invalid, NotFound, VersionConflict
from scene.store.values import SliceRequest
from tests.contract.store.test_reviews import shots
from tests.contract.store.world import ANN, START, World, failed

TOMORROW = START + timedelta(days=1)


def quarantined(world: World, batch: Batch, expires_at: datetime = TOMORROW, **narrower: object) -> Quarantine:
    fields = {"task_id": batch.tasks[0].task_id, "reason": "Ticker", "owner": "ann", "jira_issue": "SHOP-7"}
    draft = QuarantineDraft.model_validate({**fields, "expires_at": expires_at, **narrower})
    return world.store.quarantines.create(batch.project_id, draft, ANN)


def compared(world: World, batch: Batch, percent: float = 5) -> Run:
    baseline = world.store.baselines.latest(batch.id, "main") or world.record(batch)
    run, admitted = world.run(batch, baseline=baseline)
    world.carry_out(admitted, percent)
    return world.store.runs.get(run.id)


def test_it_is_kept_and_audited(world: World) -> None:
    batch = world.batch()
    made = quarantined(world, batch)
    assert world.store.quarantines.get(made.id) == made
    assert (made.task_name, made.active, made.captured, made.changed) == ("task of smoke", True, 0, 0)
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.targets[0]) == ("quarantine.created", f"quarantine:{made.id}")
    assert entry.data["reason"] == "Ticker"


def test_what_is_in_it_is_captured_and_shown_and_counts_in_no_verdict(world: World) -> None:
    batch = world.batch(cells=2)
    made = quarantined(world, batch, viewport_key="100x100@1")
    run = compared(world, batch)
    aside, counted = (shot for shot in shots(world, run))
    assert (aside.quarantine_id, aside.verdict, aside.picture is not None) == (made.id, Verdict.CHANGED, True)
    assert counted.quarantine_id is None
    assert (run.verdict, run.summary.changed, run.summary.quarantined, run.reviews.pending) == ("changed", 1, 1, 1)
    found = world.store.quarantines.get(made.id)
    assert (found.captured, found.changed) == (1, 1)


def test_a_run_whose_only_change_is_in_it_has_passed(world: World) -> None:
    batch = world.batch(cells=2)
    quarantined(world, batch, viewport_key="101x100@1")
    run, (first, second) = world.run(batch, baseline=world.record(batch))
    world.finish(first, world.captured(world.start(first)))
    world.finish(second, world.captured(world.start(second), 5))
    run = world.store.runs.get(run.id)
    assert (run.status, run.verdict, run.passed) == (Status.FINISHED, Verdict.UNCHANGED, True)


def test_a_failure_counts_only_where_the_whole_execution_is_in_it(world: World) -> None:
    batch = world.batch()
    quarantined(world, batch, target="full")
    baseline = world.record(batch)
    for narrower, numbers in (("full", (1, 0)), (None, (0, 1))):
        if narrower is None:
            quarantined(world, batch)
        run, [entry] = world.run(batch, baseline=baseline)
        world.start(entry)
        world.finish(entry, failed())
        summary = world.store.runs.get(run.id).summary
        assert (summary.failed, summary.quarantined) == numbers


def test_executions_are_filtered_by_it(world: World) -> None:
    batch = world.batch(cells=2)
    quarantined(world, batch, viewport_key="100x100@1")
    run = compared(world, batch)
    for wanted in (True, False):
        only = ExecutionFilter(quarantined=wanted)
        [found] = world.store.executions.of_run(run.id, SliceRequest(), only).items
        assert found.quarantined is wanted


def test_it_expires_by_itself_and_stays_listed(world: World) -> None:
    batch = world.batch()
    made = quarantined(world, batch)
    world.record(batch)
    world.clock.pass_seconds(24 * 3600)
    run = compared(world, batch)
    assert (run.summary.quarantined, run.reviews.pending) == (0, 1)
    assert [(each.id, each.active) for each in listed(world, batch)] == [(made.id, False)]
    assert quarantined(world, batch, TOMORROW + timedelta(days=1)).active


def listed(world: World, batch: Batch) -> list[Quarantine]:
    return world.store.quarantines.newest(batch.project_id, None, SliceRequest()).items


def test_lifted_it_is_gone_and_what_was_captured_meanwhile_stays_as_it_was(world: World) -> None:
    batch = world.batch()
    made = quarantined(world, batch)
    before = compared(world, batch)
    world.store.quarantines.lift(made.id, None, ANN)
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.data["changed"], entry.data["captured"]) == ("quarantine.lifted", 1, 1)
    with pytest.raises(NotFound):
        world.store.quarantines.get(made.id)
    assert [shot.quarantine_id for shot in shots(world, before)] == [made.id]
    assert compared(world, batch).verdict is Verdict.CHANGED


def test_it_can_be_prolonged_but_not_be_of_something_else(world: World) -> None:
    batch = world.batch()
    made = quarantined(world, batch)
    draft = QuarantineDraft.model_validate(made.model_dump(include=set(QuarantineDraft.model_fields)))
    later = draft.model_copy(update={"expires_at": TOMORROW + timedelta(days=9)})
    longer = world.store.quarantines.replace(made.id, later, 1, ANN)
    assert (longer.expires_at, longer.version) == (later.expires_at, 2)
    with pytest.raises(VersionConflict):
        world.store.quarantines.replace(made.id, later, 1, ANN)
    with pytest.raises(Invalid, match=r"^target: stays as it is"):
        world.store.quarantines.replace(made.id, later.model_copy(update={"target": "full"}), None, ANN)


def test_the_same_is_not_put_in_twice(world: World) -> None:
    batch = world.batch()
    made = quarantined(world, batch, target="full")
    with pytest.raises(AlreadyQuarantined, match=made.id):
        quarantined(world, batch, target="full")
    assert quarantined(world, batch).target is None


def test_what_the_task_never_captured_is_told_by_field(world: World) -> None:
    batch = world.batch()
    with pytest.raises(Invalid) as refused:
        quarantined(world, batch, browser="firefox", viewport_key="1x1@1", target="element:nav#1")
    assert [error.field for error in refused.value.fields] == ["browser", "viewport_key", "target"]
    with pytest.raises(Invalid, match=r"^expires_at: must be in the future"):
        quarantined(world, batch, START)
    with pytest.raises(Invalid, match=r"^expires_at: must be within 366 days"):
        quarantined(world, batch, START + timedelta(days=367))
    with pytest.raises(Invalid, match=r"^task_id"):
        quarantined(world, batch, task_id="none")


def test_a_recording_has_every_picture_and_many_decisions_leave_it_alone(world: World) -> None:
    batch = world.batch(cells=2)
    quarantined(world, batch, viewport_key="100x100@1")
    recording, admitted = world.run(batch, Purpose.BASELINE_RECORDING)
    world.carry_out(admitted)
    assert world.store.runs.get(recording.id).summary.quarantined == 0
    done = world.store.reviews.decide_many(compared(world, batch).id, ReviewsDraft(decision="approved"), ANN)
    assert (len(done.screenshot_ids), [each.reason for each in done.skipped]) == (1, ["quarantined"])


def test_it_goes_with_its_task(world: World) -> None:
    batch = world.batch()
    quarantined(world, batch)
    world.store.tasks.delete(batch.tasks[0].task_id, None, ANN)
    assert listed(world, batch) == []
