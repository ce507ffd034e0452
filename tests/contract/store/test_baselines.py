"""From a recording to its baseline."""

from scene.domain.records import EventType
from scene.domain.status import Purpose
from scene.store.base import SliceRequest
from tests.contract.store.world import World, failed


def test_a_finished_recording_becomes_a_baseline(world: World) -> None:
    batch = world.batch(cells=3)
    baseline = world.record(batch, note="first")
    assert (baseline.items_total, baseline.items_succeeded, baseline.items_missing) == (3, 3, 0)
    assert (baseline.batch_id, baseline.line, baseline.notes, baseline.created_by) == (batch.id, "main", "first", "ann")
    items = world.store.baselines.items(baseline.id, SliceRequest()).items
    assert [item.viewport_key for item in items] == ["100x100@1", "101x100@1", "102x100@1"]
    assert {item.target for item in items} == {"full"}


def test_a_recording_with_a_failure_does_not(world: World) -> None:
    batch = world.batch(cells=2)
    run, admitted = world.run(batch, Purpose.BASELINE_RECORDING)
    for entry, outcome in zip(admitted, (failed(), None), strict=True):
        work = world.start(entry)
        world.finish(entry, outcome or world.captured(work))
    assert world.store.runs.get(run.id).baseline_id is None
    assert world.store.baselines.newest(None, batch.id, SliceRequest()).items == []


def test_the_latest_of_a_line_is_the_parent_of_the_next(world: World) -> None:
    batch = world.batch()
    assert world.store.baselines.latest(batch.id, "main") is None
    first, other, second = world.record(batch), world.record(batch, line="release"), world.record(batch)
    assert (first.parent_id, other.parent_id, second.parent_id) == (None, None, first.id)
    assert world.store.baselines.latest(batch.id, "main") == second
    assert world.store.baselines.newest(None, batch.id, SliceRequest()).items == [second, other, first]


def test_an_attempt_gets_the_items_of_its_own_cell(world: World) -> None:
    batch = world.batch(cells=2)
    _, admitted = world.run(batch, baseline=world.record(batch))
    items = [world.start(entry).baseline_items for entry in admitted]
    assert [[item.viewport_key for item in found] for found in items] == [["100x100@1"], ["101x100@1"]]


def test_a_recording_compares_with_nothing(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    _, [admitted] = world.run(batch, Purpose.BASELINE_RECORDING, baseline=baseline)
    assert world.start(admitted).baseline_items == []


def test_a_new_baseline_is_told_before_the_end_of_its_run(world: World) -> None:
    webhook = world.webhook(EventType.BASELINE_FINALIZED, EventType.RUN_FINISHED)
    world.record(world.batch())
    assert world.told(webhook) == ["baseline.finalized", "run.finished"]


def test_a_new_baseline_is_audited(world: World) -> None:
    baseline = world.record(world.batch())
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.targets[0]) == ("baseline.created", f"baseline:{baseline.id}")
