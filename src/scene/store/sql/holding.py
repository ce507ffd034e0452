"""Why old runs and baselines stay: what still needs each of them, in words."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.reviews import Decision
from scene.domain.status import Purpose
from scene.store.sql import reruns
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import batches, quarantines, runs, screenshots
from scene.store.sql.schema.runs import run_is_active
from scene.store.sql.superseding import superseded_by


def held_runs(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, str]:
    """Those of these ended runs that stay, each with why: the newest of a line, what an active run repeats, what waits
    for a decision and no newer run makes old, and what was captured in a quarantine that goes on."""
    held = dict.fromkeys(_in_quarantine(transaction, rows), "evidence of a quarantine that goes on")
    held |= dict.fromkeys(_undecided(transaction, rows), "something waits for a decision")
    held |= dict.fromkeys(_repeated(transaction), "an active run repeats it")
    held |= dict.fromkeys(_newest(transaction, rows), "the newest run of its line")
    ids = {row["id"] for row in rows}
    return {run_id: why for run_id, why in held.items() if run_id in ids}


def _newest(transaction: Transaction, rows: Sequence[RowMapping]) -> list[str]:
    found: list[str] = []
    for chunk in batched(sorted({row["batch_id"] for row in rows})):
        query = sa.select(sa.func.max(runs.c.id)).where(
            runs.c.batch_id.in_(chunk), runs.c.purpose != Purpose.DRY_RUN, ~run_is_active
        )
        found += transaction.values(query.group_by(runs.c.batch_id, runs.c.line))
    return found


def _repeated(transaction: Transaction) -> set[str]:
    """By active runs, directly or not."""
    active = transaction.all(sa.select(runs).where(run_is_active, runs.c.rerun_of.is_not(None)))
    return {repeated["id"] for row in active for repeated in reruns.chain(transaction, row)[1:]}


def _undecided(transaction: Transaction, rows: Sequence[RowMapping]) -> list[str]:
    pending: set[str] = set()
    for chunk in batched([row["id"] for row in rows]):
        query = sa.select(screenshots.c.run_id).where(
            screenshots.c.run_id.in_(chunk),
            screenshots.c.review == Decision.PENDING,
            screenshots.c.review.is_not(None),
            screenshots.c.quarantine_id.is_(None),
        )
        pending.update(transaction.values(query.distinct()))
    return [row["id"] for row in rows if row["id"] in pending and superseded_by(transaction, row) is None]


def _in_quarantine(transaction: Transaction, rows: Sequence[RowMapping]) -> set[str]:
    going_on = transaction.values(sa.select(quarantines.c.id).where(quarantines.c.expires_at > transaction.now))
    found: set[str] = set()
    for chunk in batched(sorted(going_on) if rows else []):
        query = sa.select(screenshots.c.run_id).where(
            screenshots.c.quarantine_id.in_(chunk), screenshots.c.quarantine_id.is_not(None)
        )
        found.update(transaction.values(query.distinct()))
    return found


def held_baselines(
    transaction: Transaction, newest_first: Sequence[RowMapping], gone_runs: Collection[str]
) -> dict[str, str]:
    """Those that stay, each with why: the current one of a line, what a batch pins, what a run that is not among the
    gone ones compared with, and what leads from a line to where it forked. All baselines of their batches are given."""
    used = sa.select(runs.c.id, runs.c.baseline_id).where(
        runs.c.purpose != Purpose.BASELINE_RECORDING, runs.c.baseline_id.is_not(None)
    )
    held: dict[str, str] = {}
    ids = [row["id"] for row in newest_first]
    for chunk in batched(ids):
        for row in transaction.all(used.where(runs.c.baseline_id.in_(chunk))):
            if row["id"] not in gone_runs:
                held[row["baseline_id"]] = f"the run {row['id']} compared with it"
    held |= dict.fromkeys(_to_forks(newest_first), "a line forked from it, or from one before it")
    for chunk in batched(sorted({row["batch_id"] for row in newest_first})):
        for policy in transaction.values(sa.select(batches.c.baseline_policy).where(batches.c.id.in_(chunk))):
            if (pinned := policy.get("baseline_id")) is not None:
                held[pinned] = "its batch pins it"
    current: set[tuple[str, str]] = set()
    for row in newest_first:
        line = (row["batch_id"], row["line"])
        if line not in current:
            current.add(line)
            held[row["id"]] = "the current baseline of its line"
    return {baseline_id: held[baseline_id] for baseline_id in ids if baseline_id in held}


def _to_forks(newest_first: Sequence[RowMapping]) -> set[str]:
    """Ancestors on another line, and all between them and the newest baseline of the line that forked: carrying it to
    another line asks for where it began."""
    by_id = {row["id"]: row for row in newest_first}
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for row in newest_first:
        line = (row["batch_id"], row["line"])
        if line in seen:
            continue
        seen.add(line)
        path, ancestor = list[str](), by_id.get(row["parent_id"] or "")
        while ancestor is not None:
            path.append(ancestor["id"])
            if ancestor["line"] != row["line"]:
                found.update(path)
                break
            ancestor = by_id.get(ancestor["parent_id"] or "")
    return found
