"""The life of an attempt."""

import pytest

from scene.domain.records import EventType
from scene.domain.runs import AttemptStep
from scene.domain.status import Purpose, Reason, Status, Verdict
from scene.store.values import AttemptOutcome, SliceRequest
from tests.contract.store.world import World, failed


def test_starting_moves_execution_and_run(world: World) -> None:
    run, [admitted] = world.run(world.batch())
    world.clock.pass_seconds(3)
    work = world.start(admitted, "w7")
    assert (work.execution.status, work.execution.attempt, work.execution.worker) == (Status.EXECUTING, 1, "w7")
    assert (work.run.status, work.run.started_at) == (Status.EXECUTING, world.clock.now)
    assert work.snapshot.url == "https://shop.example/"
    assert world.store.runs.get(run.id) == work.run


def test_an_attempt_starts_once(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted)
    assert world.store.executions.start(admitted.execution_id, 1, "w2", 30) is None
    assert [attempt.worker for attempt in world.store.executions.attempts(admitted.execution_id)] == ["w1"]


def test_what_is_not_admitted_does_not_start(world: World) -> None:
    world.allow(concurrency=1)
    run, _ = world.run(world.batch(cells=2))
    second = world.store.executions.of_run(run.id, SliceRequest()).items[1]
    assert world.store.executions.start(second.id, 1, "w1", 30) is None


@pytest.mark.parametrize("attempt", [0, 2, -1])
def test_another_attempt_than_the_next_does_not_start(world: World, attempt: int) -> None:
    _, [admitted] = world.run(world.batch())
    assert world.store.executions.start(admitted.execution_id, attempt, "w1", 30) is None
    assert world.store.executions.start("gone", 1, "w1", 30) is None


def test_finishing_records_everything(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    outcome = world.captured(world.start(admitted))
    world.clock.pass_seconds(2)
    world.finish(admitted, outcome)
    execution = world.store.executions.get(admitted.execution_id)
    assert (execution.status, execution.verdict) == (Status.FINISHED, Verdict.NO_BASELINE)
    assert (execution.duration_ms, execution.finished_at) == (1500, world.clock.now)
    [shot] = world.store.screenshots.of([execution.id])[execution.id]
    assert (shot.id, shot.picture) == (outcome.screenshots[0].id, outcome.screenshots[0].picture)
    assert world.store.screenshots.get(shot.id) == shot
    assert world.store.artifacts.of(execution.id) == outcome.artifacts
    assert world.store.artifacts.get(outcome.artifacts[0].id) == outcome.artifacts[0]


def test_the_log_of_an_attempt_is_kept(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    world.start(admitted)
    steps = [AttemptStep(name="goto", status="failed", started_ms=0.5, duration_ms=9, detail="nul \x00 \ud83d \\u0000")]
    world.finish(
        admitted,
        AttemptOutcome(
            Status.FAILED,
            reason=Reason.CRASH,
            message="died\x00 at \udcff",
            exit_code=4294967295,
            steps=steps,
            timings_ms={"capture": 1.25},
        ),
    )
    [attempt] = world.store.executions.attempts(admitted.execution_id)
    assert (attempt.status, attempt.reason, attempt.exit_code) == (Status.FAILED, Reason.CRASH, 4294967295)
    assert (attempt.steps[0].name, attempt.timings_ms) == ("goto", {"capture": 1.25})
    assert attempt.message.startswith("died\ufffd at ")
    assert attempt.steps[0].detail.startswith("nul \ufffd ")
    assert attempt.steps[0].detail.endswith("\\u0000")


def test_a_late_result_is_refused(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    work = world.start(admitted)
    world.finish(admitted, failed())
    before = world.store.executions.get(admitted.execution_id)
    assert world.store.executions.finish(admitted.execution_id, 1, world.captured(work)) is None
    assert world.store.executions.finish("gone", 1, failed()) is None
    assert world.store.executions.get(admitted.execution_id) == before
    assert world.store.screenshots.of([admitted.execution_id]) == {admitted.execution_id: []}


def test_an_equal_picture_is_stored_once(world: World) -> None:
    batch = world.batch()
    shots = []
    for _ in range(2):
        run, admitted = world.run(batch)
        world.carry_out(admitted)
        [execution] = world.store.executions.of_run(run.id, SliceRequest()).items
        shots += world.store.screenshots.of([execution.id])[execution.id]
    assert shots[0].picture == shots[1].picture
    assert world.store.screenshots.picture(shots[0].picture.sha256) == shots[0].picture
    assert world.store.screenshots.picture("0" * 64) is None


def test_a_comparison_remembers_what_it_was_made_with(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    _, [admitted] = world.run(batch, baseline=baseline)
    work = world.start(admitted)
    outcome = world.captured(work, percent=2.5)
    world.finish(admitted, outcome)
    [shot] = world.store.screenshots.of([admitted.execution_id])[admitted.execution_id]
    assert shot.comparisons == outcome.screenshots[0].comparisons
    assert shot.comparisons[0].against == work.baseline_items[0].picture
    execution = world.store.executions.get(admitted.execution_id)
    assert (execution.verdict, execution.percent_changed) == (Verdict.CHANGED, 2.5)


def test_the_last_execution_ends_the_run(world: World) -> None:
    run, admitted = world.run(world.batch(cells=2))
    world.finish(admitted[0], world.captured(world.start(admitted[0])))
    assert world.store.runs.get(run.id).status is Status.EXECUTING
    world.finish(admitted[1], world.captured(world.start(admitted[1])))
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.verdict, ended.summary.no_baseline) == (Status.FINISHED, Verdict.NO_BASELINE, 2)
    assert world.store.runs.active() == 0


@pytest.mark.parametrize(
    ("percents", "verdict"), [((0, 0), Verdict.UNCHANGED), ((0, 1), Verdict.CHANGED), ((1, 0), Verdict.CHANGED)]
)
def test_the_verdict_of_a_run_is_its_worst(world: World, percents: tuple[float, ...], verdict: Verdict) -> None:
    batch = world.batch(cells=2)
    run, admitted = world.run(batch, baseline=world.record(batch))
    for entry, percent in zip(admitted, percents, strict=True):
        world.finish(entry, world.captured(world.start(entry), percent))
    ended = world.store.runs.get(run.id)
    assert (ended.verdict, ended.passed) == (verdict, verdict is Verdict.UNCHANGED)


def test_a_run_in_which_something_finished_is_finished(world: World) -> None:
    run, admitted = world.run(world.batch(cells=2))
    for entry, outcome in zip(admitted, (failed(), None), strict=True):
        work = world.start(entry)
        world.finish(entry, outcome or world.captured(work))
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.summary.failed, ended.passed) == (Status.FINISHED, 1, False)


def test_a_run_in_which_nothing_finished_failed(world: World) -> None:
    run, admitted = world.run(world.batch(cells=2))
    for entry in admitted:
        world.start(entry)
        world.finish(entry, failed(Reason.SELECTOR))
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.reason, ended.verdict) == (Status.FAILED, Reason.SELECTOR, None)


def test_recordings_have_no_verdict(world: World) -> None:
    batch = world.batch()
    run, admitted = world.run(batch, Purpose.BASELINE_RECORDING)
    world.carry_out(admitted)
    ended = world.store.runs.get(run.id)
    assert (ended.status, ended.verdict) == (Status.FINISHED, None)
    assert world.store.executions.get(admitted[0].execution_id).verdict is None


def test_each_move_is_told_once(world: World) -> None:
    webhook = world.webhook()
    _, admitted = world.run(world.batch(cells=2))
    for entry, outcome in zip(admitted, (failed(), None), strict=True):
        work = world.start(entry)
        world.finish(entry, outcome or world.captured(work))
    told = world.told(webhook)
    assert told == [
        *[EventType.TASK_ENQUEUED] * 2,
        *[EventType.RUN_STARTED, EventType.TASK_STARTED, EventType.TASK_FAILED],
        *[EventType.TASK_STARTED, EventType.TASK_FINISHED, EventType.RUN_FINISHED],
    ]
