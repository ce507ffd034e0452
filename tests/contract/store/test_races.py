"""Who comes second has changed nothing."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest

from scene.domain.records import EventType
from scene.domain.status import PURPOSES_OF_A_BATCH, Purpose, Status
from scene.domain.stopping import StopMode
from scene.errors import AlreadyExists, SceneError
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, World, failed

T = TypeVar("T")


def at_once(acts: list[Callable[[], T]]) -> list[T | SceneError]:
    """The result of each act, all begun at the same moment."""
    results: list[T | SceneError | None] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = acts[index]()
        except SceneError as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results  # type: ignore[return-value]


@pytest.mark.parametrize("purpose", PURPOSES_OF_A_BATCH)
def test_the_last_executions_ending_at_once_end_the_run_once(world: World, purpose: Purpose) -> None:
    world.allow(concurrency=8)
    batch = world.batch(cells=4)
    webhook = world.webhook(EventType.RUN_STARTED, EventType.RUN_FINISHED, EventType.BASELINE_FINALIZED)
    for round_ in range(1, 6):
        run, admitted = world.run(batch, purpose)
        works = at_once([lambda entry=entry: world.start(entry, lease_seconds=30) for entry in admitted])
        outcomes = [world.captured(work) for work in works]
        ends = at_once(
            [
                lambda entry=entry, outcome=outcome: world.finish(entry, outcome)
                for entry, outcome in zip(admitted, outcomes, strict=True)
            ]
        )
        assert ends == [[]] * 4
        assert world.store.runs.get(run.id).status is Status.FINISHED
        assert world.told(webhook).count("run.started") == round_
        assert world.told(webhook).count("run.finished") == round_
    recorded = len(world.store.baselines.newest(None, batch.id, SliceRequest()).items)
    assert recorded == (5 if purpose is Purpose.BASELINE_RECORDING else 0)


@pytest.mark.parametrize("mode", list(StopMode))
def test_a_stop_while_the_baseline_is_made_comes_before_it_or_after(world: World, mode: StopMode) -> None:
    """Never in its middle: the run has its baseline and finished, or has none and failed for the stop."""
    batch = world.batch()
    webhook = world.webhook(EventType.RUN_FINISHED, EventType.BASELINE_FINALIZED)
    baselines = 0
    for round_ in range(1, 9):
        run, [admitted] = world.run(batch, Purpose.BASELINE_RECORDING)
        outcome = world.captured(world.start(admitted))
        acts = [
            partial(world.store.executions.finish, admitted.execution_id, 1, outcome),
            partial(world.store.runs.stop, run.id, mode, ANN),
        ]
        finish, stop = at_once(acts)
        assert not isinstance(finish, SceneError)
        assert not isinstance(stop, SceneError)
        ended = world.store.runs.get(run.id)
        made = world.store.baselines.newest(None, batch.id, SliceRequest()).items
        if ended.status is Status.FINISHED:
            baselines += 1
            assert (ended.reason, made[0].run_id, ended.baseline_id) == (None, run.id, made[0].id)
        else:
            assert (ended.status, ended.reason, ended.baseline_id) == (Status.FAILED, mode.reason, None)
        assert len(made) == baselines
        assert world.told(webhook).count("run.finished") == round_
        assert world.told(webhook).count("baseline.finalized") == baselines


def test_an_attempt_is_started_by_one_worker(world: World) -> None:
    _, [admitted] = world.run(world.batch())
    starts = at_once(
        [
            lambda worker=worker: world.store.executions.start(admitted.execution_id, 1, f"w{worker}", 30)
            for worker in range(6)
        ]
    )
    assert sum(start is not None for start in starts) == 1


def test_an_attempt_ends_once(world: World) -> None:
    webhook = world.webhook(EventType.TASK_FAILED)
    _, [admitted] = world.run(world.batch())
    world.start(admitted)
    ends = at_once([lambda: world.store.executions.finish(admitted.execution_id, 1, failed())] * 6)
    assert sum(end is not None for end in ends) == 1
    assert world.told(webhook) == ["task.failed"]


def test_a_cap_holds_when_everybody_admits(world: World) -> None:
    world.allow(concurrency=1)
    batch = world.batch(cells=10)
    world.run(batch)
    admitted = at_once([lambda: world.allow(concurrency=5)] * 4 + [world.store.executions.admit] * 4)
    assert sum(len(entries) for entries in admitted) == 4
    assert len(world.store.executions.waiting()) == 5


def test_a_name_is_given_once(world: World) -> None:
    project = world.project()
    created = at_once([lambda: world.page(project, "home")] * 6)
    assert sum(isinstance(result, AlreadyExists) for result in created) == 5


def test_runs_created_and_ended_at_once_all_end(world: World) -> None:
    """Many runs over one cap: nothing waits for ever, nothing is lost, no two transactions block each other."""
    world.allow(concurrency=3)
    batch = world.batch(cells=3)

    def whole_run() -> int:
        world.run(batch)
        while True:
            waiting = world.store.executions.waiting()
            if not waiting:
                return world.store.runs.active()
            for entry in waiting:
                work = world.store.executions.start(entry.execution_id, entry.attempt, "w", 30)
                if work is not None:
                    world.store.executions.finish(entry.execution_id, entry.attempt, world.captured(work))
            world.store.executions.take_over(everything=False)
            world.store.executions.renew("w", 30, {(entry.execution_id, entry.attempt) for entry in waiting})

    results = at_once([whole_run] * 6)
    assert not [result for result in results if isinstance(result, SceneError)]
    world.carry_out(world.store.executions.waiting())
    assert world.store.runs.active() == 0
