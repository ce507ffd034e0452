"""Lists of runs and of executions, narrowed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scene.domain.filters import ExecutionFilter, RunFilter
from scene.domain.records import Actor
from scene.domain.runs import Run, RunDraft, RunPlan
from scene.domain.status import PURPOSES_OF_A_BATCH, Purpose, Status, Verdict
from scene.errors import Invalid
from scene.store.values import SliceRequest
from tests.contract.store.test_paging import walk
from tests.contract.store.world import START, World, failed

BOB = Actor(type="token", id="bob")


def found(world: World, **only: object) -> list[str]:
    return walk(lambda request: world.store.runs.newest(RunFilter.model_validate(only), request), 2)


def cells(world: World, run: Run, **only: object) -> list[int]:
    """Positions of the executions of a run."""
    only_these = ExecutionFilter.model_validate(only)
    ids = walk(lambda request: world.store.executions.of_run(run.id, request, only_these), 2)
    return [world.store.executions.get(execution_id).position for execution_id in ids]


def test_runs_of_a_project_a_batch_and_a_purpose(world: World) -> None:
    project, other = world.project(), world.project("blog")
    batches = [world.batch(project=project, name=name) for name in "ab"] + [world.batch(project=other)]
    runs = [world.run(batch, purpose)[0].id for batch in batches for purpose in PURPOSES_OF_A_BATCH]
    assert found(world, project_id=project.id) == runs[3::-1]
    assert found(world, batch_id=batches[1].id) == runs[3:1:-1]
    comparison = PURPOSES_OF_A_BATCH.index(Purpose.COMPARISON)
    assert found(world, purpose="comparison", project_id=other.id) == [runs[4 + comparison]]


def test_runs_by_status_and_verdict(world: World) -> None:
    batch = world.batch()
    ended, admitted = world.run(batch)
    world.carry_out(admitted)
    executing, [entry] = world.run(batch)
    world.start(entry)
    queued, _ = world.run(batch)
    assert found(world, statuses=["finished"]) == [ended.id]
    assert found(world, statuses=["queued", "executing"]) == [queued.id, executing.id]
    assert found(world, verdicts=["no_baseline", "changed"]) == [ended.id]
    assert found(world, verdicts=["unchanged"]) == []


def test_runs_by_issue_line_and_who_asked(world: World) -> None:
    batch = world.batch()
    first, _ = world.run(batch, line="release", jira_issue="SHOP-2")
    draft = RunDraft(batch_id=batch.id, purpose=Purpose.COMPARISON)
    second = world.store.runs.create(draft, RunPlan(world.plans(batch)), BOB).run
    assert found(world, jira_issue="SHOP-2") == found(world, line="release") == found(world, requested_by="ann")
    assert found(world, jira_issue="SHOP-2") == [first.id]
    assert found(world, requested_by="bob") == [second.id]


def test_runs_by_time(world: World) -> None:
    batch = world.batch()
    runs = []
    for _ in range(3):
        runs.append(world.run(batch)[0].id)
        world.clock.pass_seconds(60)
    minute = [START + timedelta(minutes=number) for number in range(4)]
    assert found(world, created_after=minute[1]) == [runs[2], runs[1]]
    assert found(world, created_before=minute[1]) == [runs[0]]
    assert found(world, created_after=minute[1], created_before=minute[2]) == [runs[1]]


@pytest.mark.parametrize("text", ["RELEASE 7", "smoke", "straße", "STRASSE", "1F2E", "branch", "100%_", "ÄPFEL"])
def test_runs_by_text_in_note_batch_and_labels(world: World, text: str) -> None:
    batch = world.batch()
    note = "Before release 7 in der Straße: Äpfel 100%_"
    run, _ = world.run(batch, note=note, labels={"Branch": "1f2e3d"})
    other = world.batch(project=world.project("blog"), name="other")
    world.run(other, note="release 8: 1000")
    assert found(world, text=text) == [run.id]


@pytest.mark.parametrize("text", ["100%_x", "re%se", "s_oke", "\\"])
def test_a_text_is_no_pattern(world: World, text: str) -> None:
    world.run(world.batch(), note="release 100%_")
    assert found(world, text=text) == []


def test_executions_by_status_verdict_task_and_browser(world: World) -> None:
    world.allow(concurrency=9)
    batch = world.batch(cells=4)
    run, admitted = world.run(batch, baseline=world.record(batch))
    for entry, percent in zip(admitted, (0, 1, None), strict=False):
        work = world.start(entry)
        world.finish(entry, failed() if percent is None else world.captured(work, percent))
    assert cells(world, run, statuses=["finished"]) == [0, 1]
    assert cells(world, run, statuses=["failed", "queued"]) == [2, 3]
    assert cells(world, run, verdicts=[Verdict.CHANGED]) == [1]
    assert cells(world, run, browser="chromium", task_id=batch.tasks[0].task_id) == [0, 1, 2, 3]
    assert cells(world, run, browser="firefox") == cells(world, run, task_id="gone") == []


def test_a_cursor_of_another_filter_is_refused(world: World) -> None:
    batch = world.batch(cells=3)
    run, _ = world.run(batch)
    world.run(batch)
    of_runs = world.store.runs.newest(RunFilter(batch_id=batch.id), SliceRequest(limit=1)).next_cursor
    of_cells = world.store.executions.of_run(run.id, SliceRequest(limit=1)).next_cursor
    with pytest.raises(Invalid, match="cursor"):
        world.store.runs.newest(RunFilter(statuses=[Status.QUEUED]), SliceRequest(cursor=of_runs))
    only = ExecutionFilter(statuses=[Status.QUEUED])
    with pytest.raises(Invalid, match="cursor"):
        world.store.executions.of_run(run.id, SliceRequest(cursor=of_cells), only)


ONLY = st.fixed_dictionaries(
    {},
    optional={
        "line": st.sampled_from(["main", "release"]),
        "jira_issue": st.sampled_from(["SHOP-1", "SHOP-2"]),
        "statuses": st.lists(st.sampled_from(Status), max_size=2),
        "text": st.sampled_from(["note 1", "NOTE", "smoke"]),
    },
)
RUN = st.fixed_dictionaries(
    {"line": st.sampled_from(["main", "release"]), "note": st.sampled_from(["note 1", "note 2"])},
    optional={"jira_issue": st.just("SHOP-2")},
)


@settings(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(runs=st.lists(RUN, max_size=6), only=ONLY, limit=st.integers(1, 4))
def test_a_filtered_list_is_the_whole_list_filtered(
    make_world: Callable[[], World], runs: list[dict[str, object]], only: dict[str, object], limit: int
) -> None:
    world = make_world()
    batch = world.batch()
    created = [world.run(batch, **draft)[0] for draft in runs]
    wanted = RunFilter.model_validate(only)

    def matches(run: Run) -> bool:
        return (
            wanted.line in (None, run.line)
            and wanted.jira_issue in (None, run.jira_issue)
            and (not wanted.statuses or run.status in wanted.statuses)
            and (wanted.text is None or wanted.text.lower() in f"{run.note} {run.batch_name}")
        )

    expected = [run.id for run in reversed(created) if matches(run)]
    assert walk(lambda request: world.store.runs.newest(wanted, request), limit) == expected
