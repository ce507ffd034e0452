"""From finished recordings to their baseline.

A recording that was completed by re-runs gives the pictures of all of them. What was not recorded, since only some
tasks were asked for or since a task is disabled for now, is copied from the baseline before: no recording ever takes
away a picture that it had no part in.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline, BaselineChanges, BaselineKind
from scene.domain.records import SYSTEM
from scene.domain.status import Status
from scene.store.sql import reruns
from scene.store.sql.baselines import held_latest
from scene.store.sql.database import Transaction
from scene.store.sql.making import Item, Items, NewBaseline, items_of, lock_batch, make, members_of, missing_of
from scene.store.sql.schema import executions, runs, screenshots

_FROM_EXECUTION = ("task_id", "task_name", "browser", "viewport_key", "snapshot_digest")
_FROM_SCREENSHOT = ("target", "picture_sha256", "renderer", "masks")


def record_baseline(transaction: Transaction, run: RowMapping) -> Baseline:
    """Freeze the pictures of a recording whose executions all finished, with what it completes. The run is locked."""
    # Two recordings that end at once build on each other in turn: none loses what the other recorded.
    batch = lock_batch(transaction, run["batch_id"])
    assert batch is not None
    recordings = reruns.chain(transaction, run)
    items = _captured(transaction, recordings, run)
    recorded = {key[0] for key in items}
    members = members_of(transaction, run["batch_id"])
    parent = held_latest(transaction, run["batch_id"], (run["line"], run["parent_line"]))
    before = items_of(transaction, parent.id) if parent is not None else {}
    is_partial = recordings[-1]["task_ids"] is not None
    items |= {key: item for key, item in before.items() if key[0] not in recorded and (is_partial or key[0] in members)}
    new = NewBaseline(
        batch,
        run["line"],
        BaselineKind.RECORDING,
        parent.id if parent else None,
        run_id=run["id"],
        notes=run["note"],
        changes=changes_of(before, items) if parent else None,
    )
    missing = missing_of(items, members.values(), recorded)
    baseline = make(transaction, new, list(items.values()), missing, SYSTEM, run["requested_by"])
    transaction.change(sa.update(runs).where(runs.c.id == run["id"]).values(baseline_id=baseline.id))
    return baseline


def changes_of(before: Items, after: Items) -> BaselineChanges:
    common = before.keys() & after.keys()
    kept = sum(before[key].digests == after[key].digests for key in common)
    return BaselineChanges(
        replaced=len(common) - kept,
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        kept=kept,
    )


def _captured(transaction: Transaction, recordings: Sequence[RowMapping], last: RowMapping) -> Items:
    """In the order in which they were recorded first; what was repeated is that of the last recording."""
    found: Items = {}
    for run in reversed(recordings):
        query = (
            sa.select(
                *(executions.c[name] for name in _FROM_EXECUTION),
                *(screenshots.c[name] for name in _FROM_SCREENSHOT),
                screenshots.c.id.label("screenshot_id"),
            )
            .join(screenshots, screenshots.c.execution_id == executions.c.id)
            .where(
                executions.c.run_id == run["id"],
                executions.c.status == Status.FINISHED,
                screenshots.c.picture_sha256.is_not(None),
            )
            .order_by(executions.c.position, screenshots.c.position)
        )
        at = transaction.now.isoformat()
        for row in transaction.all(query):
            values = dict(row)
            shot = values.pop("screenshot_id")
            origin = {"run_id": run["id"], "screenshot_id": shot, "by": last["requested_by"], "at": at}
            item = Item(values | {"origin": origin})
            found[item.key] = item
    return found
