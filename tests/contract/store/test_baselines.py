"""From a recording to its baseline."""

from scene.domain.catalog import TaskDraft
from scene.domain.filters import EVERY_RUN
from scene.domain.records import EventType
from scene.domain.status import Purpose, Status, Verdict
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, World, failed


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


def test_what_a_task_no_longer_has_is_missing(world: World) -> None:
    batch = world.batch(cells=3)
    baseline = world.record(batch)
    task = world.store.tasks.get(batch.tasks[0].task_id)
    draft = TaskDraft.model_validate({name: getattr(task, name) for name in TaskDraft.model_fields})
    fewer = draft.model_copy(update={"viewports": task.viewports[:1]})
    world.store.tasks.replace(task.id, fewer, None, ANN)
    run, admitted = world.run(batch, baseline=baseline)
    assert (run.summary.total, run.summary.queued, run.summary.changed, len(admitted)) == (3, 1, 2, 1)
    _, *gone = world.store.executions.of_run(run.id, SliceRequest()).items
    assert [(each.status, each.verdict, each.viewport) for each in gone] == [
        (Status.FINISHED, Verdict.CHANGED, viewport) for viewport in task.viewports[1:]
    ]
    items = {item.viewport_key: item for item in world.store.baselines.items(baseline.id, SliceRequest()).items}
    for execution in gone:
        [shot] = world.store.screenshots.of([execution.id])[execution.id]
        assert (shot.verdict, shot.picture) == (Verdict.MISSING, None)
        assert shot.missing_picture == items[execution.viewport.key].picture
    world.carry_out(admitted)
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.verdict, ended.summary.unchanged) == (Status.FINISHED, Verdict.CHANGED, 1)


def test_a_rerun_has_nothing_missing_that_it_was_not_asked_for(world: World) -> None:
    batch = world.batch(cells=2)
    baseline = world.record(batch)
    first, admitted = world.run(batch, baseline=baseline)
    world.carry_out(admitted, 5)
    again, _ = world.run(batch, baseline=baseline, cells=[0], rerun_of=first.id, rerun="changed")
    assert again.summary.total == 1


def test_the_counts_of_an_ended_run_stay(world: World) -> None:
    batch = world.batch(cells=2)
    run, admitted = world.run(batch, baseline=world.record(batch))
    active = world.store.runs.get(run.id).summary
    assert (active.total, active.queued, active.finished) == (2, 2, 0)
    world.carry_out(admitted, 5)
    ended = world.store.runs.get(run.id).summary
    assert (ended.total, ended.queued, ended.finished, ended.changed) == (2, 0, 2, 2)
    assert world.store.runs.newest(EVERY_RUN, SliceRequest()).items[0].summary == ended
