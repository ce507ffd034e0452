"""What retention lets go: decided for many at once in a plan, and again for each when it goes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.records import Actor
from scene.domain.retention import Going, Kept, RetentionPlan, RetentionPolicy
from scene.domain.status import Purpose
from scene.errors import InUse
from scene.store.sql import projects, reruns
from scene.store.sql.audit import record
from scene.store.sql.baselines import delete_baseline
from scene.store.sql.database import Database, Transaction
from scene.store.sql.holding import held_baselines, held_runs
from scene.store.sql.making import lock_batch
from scene.store.sql.purging import delete_runs
from scene.store.sql.schema import baselines, batches, runs
from scene.store.sql.schema import projects as projects_table
from scene.store.sql.schema.runs import run_is_active
from scene.store.sql.sizes import sizes_of_runs

_RUN = [runs.c[name] for name in ("id", "batch_id", "line", "labels", "purpose", "created_at", "baseline_id")]
_BASELINE = [baselines.c[name] for name in ("id", "batch_id", "line", "parent_id", "created_at")]


class SqlRetention:
    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, project_id: str, policy: RetentionPolicy, listed: int | None) -> RetentionPlan:
        with self._database.read() as transaction:
            projects.crud.get(transaction, project_id)
            return _Planning(transaction, project_id, policy).plan(listed)

    def drop(self, going: Going, by: Actor) -> bool:
        with self._database.write() as transaction:
            if going.noun == "run":
                return _drop_run(transaction, going, by)
            return _drop_baseline(transaction, going, by)

    def limited(self) -> list[str]:
        with self._database.read() as transaction:
            rows = transaction.all(sa.select(projects_table.c.id, projects_table.c.retention))
            return [row["id"] for row in rows if RetentionPolicy.model_validate(row["retention"]).limits]


class _Planning:
    def __init__(self, transaction: Transaction, project_id: str, policy: RetentionPolicy) -> None:
        self._transaction = transaction
        self._project_id = project_id
        self._policy = policy
        self._before = transaction.now - timedelta(days=policy.days) if policy.days else None
        self._names = {
            row["id"]: row["name"]
            for row in transaction.all(sa.select(batches).where(batches.c.project_id == project_id))
        }

    def plan(self, listed: int | None) -> RetentionPlan:
        query = sa.select(*_RUN).where(
            runs.c.project_id == self._project_id, runs.c.purpose != Purpose.DRY_RUN, ~run_is_active
        )
        ended = self._transaction.all(query.order_by(runs.c.id.desc()))
        held = held_runs(self._transaction, ended)
        weighed = listed is not None or self._policy.max_mb is not None
        sizes = sizes_of_runs(self._transaction, self._project_id) if weighed else {}
        total = sum(sizes.values())
        runs_going, kept = self._runs(ended, held, sizes, total)
        gone = {going.id for going in runs_going}
        baselines_going, baselines_kept = self._baselines(gone)
        going, kept = [*runs_going, *baselines_going], [*kept, *baselines_kept]
        return RetentionPlan(
            policy=self._policy,
            runs=len(runs_going),
            baselines=len(baselines_going),
            going=going if listed is None else going[:listed],
            kept=kept if listed is None else kept[:listed],
            kept_total=len(kept),
            size=total,
            size_going=sum(each.size for each in runs_going),
        )

    def _runs(
        self, newest_first: Sequence[RowMapping], held: Mapping[str, str], sizes: Mapping[str | None, int], total: int
    ) -> tuple[list[Going], list[Kept]]:
        """Oldest first."""
        because: dict[str, str] = {}
        number: dict[str, int] = {}
        for row in newest_first:
            number[row["batch_id"]] = number.get(row["batch_id"], 0) + 1
            if self._policy.runs is not None and number[row["batch_id"]] > self._policy.runs:
                because[row["id"]] = _beyond(self._policy.runs, "batch")
            elif self._before is not None and row["created_at"] < self._before:
                because[row["id"]] = f"older than {self._policy.days} days"
        oldest_first = list(reversed(newest_first))
        left = total - sum(sizes.get(run_id, 0) for run_id in because if run_id not in held)
        for row in oldest_first if self._policy.max_mb is not None else ():
            if left <= (self._policy.max_mb or 0) * 1_000_000:
                break
            if row["id"] not in because:
                because[row["id"]] = f"the project has more than {self._policy.max_mb:,} MB"
                left -= sizes.get(row["id"], 0) if row["id"] not in held else 0
        going = [
            self._going("run", row, because[row["id"]], sizes.get(row["id"], 0))
            for row in oldest_first
            if row["id"] in because and row["id"] not in held
        ]
        kept = [Kept(noun="run", id=run_id, because=held[run_id]) for run_id in because if run_id in held]
        return going, kept

    def _baselines(self, gone: Collection[str]) -> tuple[list[Going], list[Kept]]:
        query = sa.select(*_BASELINE).where(baselines.c.project_id == self._project_id)
        newest_first = self._transaction.all(query.order_by(baselines.c.id.desc()))
        held = held_baselines(self._transaction, newest_first, gone)
        because: dict[str, str] = {}
        number: dict[tuple[str, str], int] = {}
        for row in newest_first:
            line = (row["batch_id"], row["line"])
            number[line] = number.get(line, 0) + 1
            if self._policy.baselines is not None and number[line] > self._policy.baselines:
                because[row["id"]] = _beyond(self._policy.baselines, "line")
            elif self._before is not None and row["created_at"] < self._before:
                because[row["id"]] = f"older than {self._policy.days} days"
        going = [
            self._going("baseline", row, because[row["id"]])
            for row in reversed(newest_first)
            if row["id"] in because and row["id"] not in held
        ]
        return going, [Kept(noun="baseline", id=each, because=held[each]) for each in because if each in held]

    def _going(self, noun: str, row: RowMapping, because: str, size: int = 0) -> Going:
        known = {name: row[name] for name in ("id", "batch_id", "line", "created_at")}
        name = self._names[row["batch_id"]]
        return Going.model_validate({"noun": noun, "batch_name": name, "because": because, "size": size, **known})


def _drop_run(transaction: Transaction, going: Going, by: Actor) -> bool:
    query = sa.select(*_RUN).where(runs.c.id == going.id, ~run_is_active)
    row = transaction.first(query.with_for_update())
    if row is None or held_runs(transaction, [row]):
        return False
    if reruns.active_rerun(transaction, going.id) is not None:
        return False
    delete_runs(transaction, runs.c.id == going.id)
    record(transaction, by, "run.deleted", [f"run:{going.id}", f"batch:{going.batch_id}"], {"because": going.because})
    return True


def _drop_baseline(transaction: Transaction, going: Going, by: Actor) -> bool:
    # Runs before batches, as everybody locks them.
    of_baseline = runs.c.baseline_id == going.id
    transaction.all(sa.select(runs.c.id).where(of_baseline).order_by(runs.c.id).with_for_update())
    if lock_batch(transaction, going.batch_id) is None:
        return False
    query = sa.select(*_BASELINE).where(baselines.c.batch_id == going.batch_id).order_by(baselines.c.id.desc())
    rows = transaction.all(query)
    if going.id not in {row["id"] for row in rows} or going.id in held_baselines(transaction, rows, ()):
        return False
    try:
        delete_baseline(transaction, going.id, by, {"because": going.because})
    except InUse:
        return False
    return True


def _beyond(limit: int, of: str) -> str:
    return f"not the newest of its {of}" if limit == 1 else f"not among the newest {limit} of its {of}"
