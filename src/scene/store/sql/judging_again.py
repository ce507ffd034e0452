"""Other verdicts for a run that has ended, from other comparisons of the same pictures."""

from collections.abc import Sequence

import sqlalchemy as sa

from scene.domain.comparing_again import check
from scene.domain.records import Actor
from scene.domain.runs import Run
from scene.domain.status import Status
from scene.errors import NotFound
from scene.store.sql import screenshots
from scene.store.sql.audit import record
from scene.store.sql.closing import lock_runs, outcome
from scene.store.sql.database import Transaction
from scene.store.sql.findings import findings
from scene.store.sql.quarantining import was_in_quarantine
from scene.store.sql.rows import runs_of
from scene.store.sql.schema import executions, runs
from scene.store.values import JudgedAgain


def begin(transaction: Transaction, run_id: str, by: Actor) -> Run:
    """Record who compares a run again. Raises NotFound, Conflict for an active run and for a recording."""
    locked = lock_runs(transaction, runs.c.id == run_id)
    if not locked:
        raise NotFound.of("run", run_id)
    run = locked[0]
    check(run_id, run["purpose"], run["status"])
    targets = [f"run:{run_id}", f"batch:{run['batch_id']}"]
    record(transaction, by, "run.compared_again", targets, {"verdict_before": run["verdict"]})
    return runs_of(transaction, [run])[0]


def judge_again(transaction: Transaction, execution_id: str, again: Sequence[JudgedAgain]) -> bool:
    """Whether the execution is there, of a run that has ended; when not, nothing is changed."""
    execution = transaction.first(sa.select(executions).where(executions.c.id == execution_id))
    locked = lock_runs(transaction, runs.c.id == execution["run_id"]) if execution is not None else []
    if execution is None or not locked or not Status(locked[0]["status"]).ended:
        return False
    run = locked[0]
    quarantined = was_in_quarantine(transaction, execution_id)
    found = findings(
        run,
        [each for each in again if each.screenshot_id not in quarantined],
        [each for each in again if each.screenshot_id in quarantined],
    )
    finished = sa.and_(executions.c.id == execution_id, executions.c.status == Status.FINISHED)
    if transaction.change(sa.update(executions).where(finished).values(found)) == 0:
        return False
    screenshots.judge_again(transaction, again)
    # Where the verdict stays, nothing changes that a run is made of.
    if found["verdict"] != execution["verdict"]:
        transaction.change(sa.update(runs).where(runs.c.id == run["id"]).values(outcome(transaction, run)))
    return True
