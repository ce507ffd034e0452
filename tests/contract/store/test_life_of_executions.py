"""Any order of moves keeps what Scene promises of runs and executions."""

from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from scene.domain.catalog import Batch
from scene.domain.filters import EVERY_RUN
from scene.domain.runs import Execution, Run
from scene.domain.status import Reason, Status
from scene.domain.stopping import StopMode
from scene.domain.webhooks import Webhook
from scene.store.values import Admitted, SliceRequest, Work
from tests.contract.store.world import ANN, World, failed

LEASE_SECONDS = 30
ATTEMPTS = 2


class Life(RuleBasedStateMachine):
    """What workers, the reconciler and people do, in any order; and what must be true after each step."""

    make_world: Callable[[], World]

    @initialize(concurrency=st.integers(1, 4), cells=st.integers(1, 3))
    def begin(self, concurrency: int, cells: int) -> None:
        self.world = type(self).make_world()
        self.world.allow(concurrency=concurrency, attempts=ATTEMPTS, retry_backoff_seconds=0)
        self.concurrency = concurrency
        self.batch: Batch = self.world.batch(cells)
        self.webhook: Webhook = self.world.webhook()
        self.caps: dict[str, int | None] = {}
        self.jobs: list[Admitted] = []
        self.works: list[Work] = []
        self.ended: dict[str, Execution] = {}
        self.expected: Counter[str] = Counter()

    @precondition(lambda self: len(self.caps) < 4)
    @rule(cap=st.one_of(st.none(), st.integers(1, 2)), priority=st.integers(0, 1), timeout=st.sampled_from([40, 1000]))
    def create(self, cap: int | None, priority: int, timeout: int) -> None:
        run, admitted = self.world.run(self.batch, concurrency=cap, priority=priority, timeout_seconds=timeout)
        self.caps[run.id] = cap
        self.jobs += admitted
        self.expected["task.enqueued"] += run.summary.total

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), keep=st.booleans())
    def start(self, data: st.DataObject, keep: bool) -> None:
        """A job may be lost, late or doubled: a worker takes any of those that were ever put."""
        job = data.draw(st.sampled_from(self.jobs))
        if not keep:
            self.jobs.remove(job)
        work = self.world.store.executions.start(job.execution_id, job.attempt, "w", LEASE_SECONDS)
        if work is not None:
            self.works.append(work)
            self.expected["task.started"] += 1

    @precondition(lambda self: self.works)
    @rule(data=st.data(), found=st.sampled_from([Reason.STATUS, Reason.NAVIGATION, 0, 5]), keep=st.booleans())
    def finish(self, data: st.DataObject, found: Reason | int, keep: bool) -> None:
        """Any attempt that ever started reports, in time or late or again."""
        work = data.draw(st.sampled_from(self.works))
        if not keep:
            self.works.remove(work)
        execution = work.execution
        current = self.world.store.executions.get(execution.id)
        wanted = current.status is Status.EXECUTING and current.attempt == execution.attempt
        outcome = failed(found) if isinstance(found, Reason) else self.world.captured(work, found)
        admitted = self.world.store.executions.finish(execution.id, execution.attempt, outcome)
        assert (admitted is not None) == wanted
        self.jobs += admitted or []
        if wanted:
            retried = found is Reason.NAVIGATION and current.attempt < ATTEMPTS and not current.no_retry
            now = self.world.store.executions.get(execution.id)
            assert (now.status is Status.QUEUED) == retried
            how = "retry_enqueued" if retried else "failed" if isinstance(found, Reason) else "finished"
            self.expected[f"task.{how}"] += 1

    @rule(everything=st.booleans(), restart=st.booleans())
    def take_over(self, everything: bool, restart: bool) -> None:
        before = self.executions()
        again = self.world.store.executions.take_over(everything)
        for execution_id, after in self.executions().items():
            if before[execution_id].status is Status.EXECUTING and after.status is not Status.EXECUTING:
                retried = after.status is Status.QUEUED
                assert retried == (after.attempt < ATTEMPTS and not after.no_retry)
                self.expected["task.retry_enqueued" if retried else "task.failed"] += 1
        self.jobs += again
        for job in again if restart else []:
            self.works.append(self.world.start(job, "w"))
            self.expected["task.started"] += 1

    @precondition(lambda self: self.caps)
    @rule(data=st.data(), mode=st.sampled_from(StopMode), whole=st.booleans())
    def stop(self, data: st.DataObject, mode: StopMode, whole: bool) -> None:
        """A run or one of its executions, in whatever state it is; also again."""
        before = self.executions()
        if whole:
            run_id = data.draw(st.sampled_from(list(self.caps)))
            _, stop, admitted = self.world.store.runs.stop(run_id, mode, ANN)
            meant = [found for found in before.values() if found.run_id == run_id]
        else:
            meant = [before[data.draw(st.sampled_from(sorted(before)))]]
            _, stop, admitted = self.world.store.executions.stop(meant[0].id, mode, ANN)
        self.jobs += admitted
        after = self.executions()
        now_failed = [found for found in before.values() if after[found.id].status.ended and not found.status.ended]
        assert {found.id for found in now_failed} <= {found.id for found in meant}
        assert len(now_failed) == stop.ended
        assert mode is StopMode.SOFT or all(after[found.id].status.ended for found in meant)
        assert all(after[found.id].no_retry or found.status.ended for found in meant)
        self.expected["task.failed"] += stop.ended

    @rule()
    def expire(self) -> None:
        before = self.executions()
        self.jobs += self.world.store.executions.expire()
        now_failed = [found for found in self.executions().values() if not before[found.id].status.ended]
        self.expected["task.failed"] += sum(found.status is Status.FAILED for found in now_failed)

    @rule()
    def admit(self) -> None:
        self.jobs += self.world.store.executions.admit()

    @rule()
    def renew(self) -> None:
        executions = self.executions().values()
        executing = {(found.id, found.attempt) for found in executions if found.status == "executing"}
        others = {(found.id, found.attempt + 1) for found in executions}
        assert self.world.store.executions.renew("w", LEASE_SECONDS, executing | others).wanted == executing

    @rule(seconds=st.sampled_from([1, 20, 31]))
    def pass_time(self, seconds: int) -> None:
        self.world.clock.pass_seconds(seconds)

    @invariant()
    def promises_hold(self) -> None:
        executions = self.executions()
        runs = {run.id: run for run in self.world.store.runs.newest(EVERY_RUN, SliceRequest()).items}
        assert set(runs) == set(self.caps)
        self.caps_are_kept(executions)
        self.what_ended_stays_as_it_is(executions)
        for run in runs.values():
            self.a_run_ends_with_its_last_execution(run, [own for own in executions.values() if own.run_id == run.id])
        self.everything_is_told_once(list(runs.values()))

    def caps_are_kept(self, executions: dict[str, Execution]) -> None:
        held = Counter(executions[entry.execution_id].run_id for entry in self.waiting())
        held.update(found.run_id for found in executions.values() if found.status is Status.EXECUTING)
        assert held.total() <= self.concurrency
        assert all(held[run_id] <= (cap or self.concurrency) for run_id, cap in self.caps.items())

    def what_ended_stays_as_it_is(self, executions: dict[str, Execution]) -> None:
        assert {execution_id: executions[execution_id] for execution_id in self.ended} == self.ended
        self.ended = {found.id: found for found in executions.values() if found.status.ended}

    def a_run_ends_with_its_last_execution(self, run: Run, executions: list[Execution]) -> None:
        assert run.status.ended == all(execution.status.ended for execution in executions)
        assert run.summary.ended == sum(execution.status.ended for execution in executions)
        assert (run.started_at is not None) == any(execution.started_at for execution in executions)

    def everything_is_told_once(self, runs: list[Run]) -> None:
        self.expected["run.started"] = sum(run.started_at is not None for run in runs)
        self.expected["run.finished"] = sum(run.status.ended for run in runs)
        assert Counter(self.world.told(self.webhook)) == +self.expected

    def teardown(self) -> None:
        """Whatever happened, a worker that lives brings everything to an end."""
        if not getattr(self, "caps", None):
            return
        self.world.store.executions.take_over(everything=True)
        while waiting := self.waiting():
            self.world.carry_out(waiting)
        assert self.world.store.runs.active() == 0
        assert all(found.status.ended for found in self.executions().values())

    def executions(self) -> dict[str, Execution]:
        return {
            found.id: found
            for run_id in self.caps
            for found in self.world.store.executions.of_run(run_id, SliceRequest()).items
        }

    def waiting(self) -> list[Admitted]:
        return self.world.store.executions.waiting()


def test_any_order_of_moves_keeps_the_promises(make_world: Callable[[], World]) -> None:
    machine = type("Machine", (Life,), {"make_world": staticmethod(make_world)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            database=None,
            # Without shrinking: a story is short enough to be read, and a failing one must end in time.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
