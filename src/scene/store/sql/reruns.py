"""Runs that repeat a part of another run."""

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain import reruns
from scene.domain.runs import RunDraft
from scene.domain.status import Purpose
from scene.errors import Invalid
from scene.store.sql.database import Transaction
from scene.store.sql.schema import runs
from scene.store.sql.schema.runs import run_is_active

_FIELDS = (runs.c.id, runs.c.batch_id, runs.c.purpose, runs.c.status, runs.c.line, runs.c.task_ids, runs.c.rerun_of)


def check(transaction: Transaction, draft: RunDraft) -> None:
    """Hold the run that is to be repeated. Raises Invalid, naming ``rerun_of``, when it cannot be."""
    query = sa.select(*_FIELDS).where(runs.c.id == draft.rerun_of)
    repeated = transaction.first(query.with_for_update(read=True, key_share=True))
    if repeated is None:
        raise Invalid.field("rerun_of", f"There is no run {draft.rerun_of!r}")
    reruns.check(draft, **{name: repeated[name] for name in ("batch_id", "purpose", "status", "line")})
    # A re-run completes the recording with everything that was recorded before.
    if draft.purpose is Purpose.BASELINE_RECORDING and chain(transaction, repeated)[-1]["rerun_of"] is not None:
        raise Invalid.field("rerun_of", "repeats a run that was deleted, with its pictures; record the batch anew")


def chain(transaction: Transaction, run: RowMapping) -> list[RowMapping]:
    """The run, the run that it repeats, the one that this repeats, and so on as far as they are stored."""
    found = [run]
    while (repeated := found[-1]["rerun_of"]) is not None:
        row = transaction.first(sa.select(*_FIELDS).where(runs.c.id == repeated))
        if row is None:
            break
        found.append(row)
    return found


def active_rerun(transaction: Transaction, run_id: str) -> str | None:
    """An active run that repeats this one, directly or not: it needs the pictures of this one."""
    query = sa.select(*_FIELDS).where(run_is_active, runs.c.rerun_of.is_not(None)).order_by(runs.c.id)
    for row in transaction.all(query):
        if any(repeated["id"] == run_id for repeated in chain(transaction, row)[1:]):
            return str(row["id"])
    return None
