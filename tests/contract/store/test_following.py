"""What those who watch a run see: the changed executions first, task by task, the log, and what runs come to."""

import pytest

from scene.domain.catalog import Batch, BatchDraft, BatchTask
from scene.domain.filters import EVERY_EXECUTION, EVERY_RUN, ExecutionFilter, RunFilter
from scene.domain.runs import Run
from scene.domain.status import Status, Verdict
from scene.errors import Invalid
from scene.store.values import SliceRequest
from tests.contract.store.test_paging import walk
from tests.contract.store.world import ANN, World, failed


def three_tasks(world: World) -> Batch:
    """Of two viewports each: positions 0 and 1, 2 and 3, 4 and 5."""
    project = world.project()
    tasks = [BatchTask(task_id=world.task(project, name, viewports=2).id) for name in "abc"]
    return world.store.batches.create(project.id, BatchDraft(name="smoke", tasks=tasks), ANN)


def compared(world: World) -> Run:
    """Execution 1 failed, 5 changed, the others did not."""
    batch = three_tasks(world)
    run, admitted = world.run(batch, baseline=world.record(batch))
    while admitted:
        entry = admitted.pop(0)
        work = world.start(entry)
        world.clock.pass_seconds(1)
        fails = work.execution.position == 1
        changed = 3.0 if work.execution.position == 5 else 0
        admitted += world.finish(entry, failed() if fails else world.captured(work, changed))
    return run


def positions(world: World, run: Run, only: ExecutionFilter = EVERY_EXECUTION, limit: int = 2) -> list[int]:
    ids = walk(lambda request: world.store.executions.changed_first(run.id, request, only), limit)
    return [world.store.executions.get(execution_id).position for execution_id in ids]


@pytest.mark.parametrize("limit", [1, 2, 4, 100])
def test_tasks_with_a_change_come_first_then_those_with_a_failure(world: World, limit: int) -> None:
    assert positions(world, compared(world), limit=limit) == [4, 5, 0, 1, 2, 3]


def test_a_filter_leaves_out_and_keeps_the_order(world: World) -> None:
    run = compared(world)
    assert positions(world, run, ExecutionFilter(verdicts=[Verdict.CHANGED])) == [5]
    assert positions(world, run, ExecutionFilter(statuses=[Status.FINISHED])) == [4, 5, 0, 2, 3]


def test_a_cursor_is_of_one_order(world: World) -> None:
    run = compared(world)
    cursor = world.store.executions.of_run(run.id, SliceRequest(limit=2)).next_cursor
    with pytest.raises(Invalid):
        world.store.executions.changed_first(run.id, SliceRequest(limit=2, cursor=cursor), EVERY_EXECUTION)


def test_the_log_tells_starts_and_ends_newest_first(world: World) -> None:
    run = compared(world)
    log = world.store.executions.log(run.id, 100)
    assert len(log) == 12
    assert [event.at for event in log] == sorted((event.at for event in log), reverse=True)
    ends = [event for event in log if event.status.ended]
    assert (ends[0].verdict, ends[0].percent_changed) == (Verdict.CHANGED, 3.0)
    assert [event.message for event in ends if event.status is Status.FAILED] == ["The page did not load."]
    assert len({event.key for event in log}) == 12
    assert world.store.executions.log(run.id, 3) == log[:3]


def test_the_log_keeps_attempts_that_were_followed_by_another(world: World) -> None:
    run, [entry] = world.run(world.batch())
    world.start(entry)
    world.clock.pass_seconds(60)
    [again] = world.store.executions.take_over(everything=True)
    world.carry_out([again])
    told = [(event.attempt, event.status, event.verdict) for event in world.store.executions.log(run.id, 10)]
    assert told == [
        (2, Status.FINISHED, Verdict.NO_BASELINE),
        (2, Status.EXECUTING, None),
        (1, Status.FAILED, None),
        (1, Status.EXECUTING, None),
    ]


def test_the_newest_runs_are_counted_by_state_and_issue(world: World) -> None:
    batch = world.batch()
    baseline = world.record(batch)
    _, admitted = world.run(batch, baseline=baseline, jira_issue="SHOP-2")
    world.carry_out(admitted, percent=3)
    _, [entry] = world.run(batch, jira_issue="SHOP-2")
    world.start(entry)
    world.finish(entry, failed())
    world.run(batch, jira_issue="SHOP-3")
    tally = world.store.runs.tally(EVERY_RUN, 10)
    assert (tally.runs, tally.active, tally.failed, tally.changed, tally.capped) == (4, 1, 1, 1, False)
    told = [(issue.jira_issue, issue.runs, issue.active, issue.failed, issue.changed) for issue in tally.issues]
    assert told == [("SHOP-3", 1, 1, 0, 0), ("SHOP-2", 2, 0, 1, 1), ("SHOP-1", 1, 0, 0, 0)]
    newest = world.store.runs.tally(EVERY_RUN, 2)
    assert (newest.runs, newest.changed, newest.capped) == (2, 0, True)
    assert world.store.runs.tally(RunFilter(verdicts=[Verdict.CHANGED]), 10).runs == 1
