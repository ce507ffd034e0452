"""From a finished recording to its baseline."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.baselines import Baseline
from scene.domain.model import new_id
from scene.domain.records import SYSTEM
from scene.store.sql.audit import record
from scene.store.sql.baselines import latest
from scene.store.sql.database import Transaction
from scene.store.sql.schema import baseline_items, baselines, executions, runs, screenshots

_COPIED = ("task_id", "task_name", "browser", "viewport_key", "target", "picture_sha256", "renderer", "snapshot_digest")


def record_baseline(transaction: Transaction, run: RowMapping) -> Baseline:
    """Freeze the pictures of a recording whose executions all finished."""
    captured = transaction.all(
        sa.select(executions, screenshots.c.target, screenshots.c.picture_sha256, screenshots.c.renderer)
        .join(screenshots, screenshots.c.execution_id == executions.c.id)
        .where(executions.c.run_id == run["id"], screenshots.c.picture_sha256.is_not(None))
        .order_by(executions.c.position, screenshots.c.position)
    )
    parent = latest(transaction, run["batch_id"], run["line"])
    baseline = Baseline(
        id=new_id(),
        project_id=run["project_id"],
        batch_id=run["batch_id"],
        line=run["line"],
        run_id=run["id"],
        parent_id=parent.id if parent else None,
        created_at=transaction.now,
        created_by=run["requested_by"],
        notes=run["note"],
        items_total=len(captured),
        items_succeeded=len(captured),
        items_missing=0,
    )
    transaction.insert(baselines, [baseline.model_dump()])
    transaction.insert(baseline_items, [_item(baseline.id, position, row) for position, row in enumerate(captured)])
    transaction.change(sa.update(runs).where(runs.c.id == run["id"]).values(baseline_id=baseline.id))
    targets = [f"baseline:{baseline.id}", f"run:{run['id']}", f"batch:{run['batch_id']}"]
    record(transaction, SYSTEM, "baseline.created", targets, {"items": len(captured), "line": baseline.line})
    return baseline


def _item(baseline_id: str, position: int, row: RowMapping) -> dict[str, Any]:
    copied = {name: row[name] for name in _COPIED}
    return copied | {"id": new_id(), "baseline_id": baseline_id, "position": position}
