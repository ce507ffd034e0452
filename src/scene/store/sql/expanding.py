"""The executions of a new run: those that are carried out, and those that no longer can be."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.model import new_id
from scene.domain.options import CompareWith
from scene.domain.reviews import Decision
from scene.domain.runs import ConfigurationSnapshot, ExecutionPlan
from scene.domain.status import Status, Verdict
from scene.domain.viewport import Viewport
from scene.store.sql import snapshots
from scene.store.sql.database import Transaction, batched
from scene.store.sql.quarantining import in_quarantine
from scene.store.sql.schema import baseline_items, executions, screenshots


def insert_executions(transaction: Transaction, run_id: str, plans: Sequence[ExecutionPlan]) -> list[str]:
    """Queue the planned executions, in order; their ids."""
    # The plans of one task share their snapshot: digest and store it once.
    digests = snapshots.store(transaction, {id(plan.snapshot): plan.snapshot for plan in plans})
    rows = [
        _row(transaction, run_id, position, plan.snapshot, digests[id(plan.snapshot)], plan.browser, plan.viewport)
        for position, plan in enumerate(plans)
    ]
    transaction.insert(executions, rows)
    return [row["id"] for row in rows]


def insert_gone(transaction: Transaction, run_id: str, baseline_id: str, plans: Sequence[ExecutionPlan]) -> list[str]:
    """What the baseline has of the planned tasks in browsers and at viewports that they no longer have.

    Each becomes an execution that has ended, and its pictures are missing: nothing leaves a comparison silently.
    """
    compared = {
        plan.snapshot.task_id: plan.snapshot
        for plan in plans
        if plan.snapshot.compare_with is not CompareWith.REFERENCE
    }
    planned = {plan.cell for plan in plans}
    items: dict[tuple[str, str, str], list[RowMapping]] = {}
    for item in _items(transaction, baseline_id, list(compared)):
        cell = (item["task_id"], item["browser"], item["viewport_key"])
        if cell not in planned:
            items.setdefault(cell, []).append(item)
    rows, missing = [], []
    for position, (cell, of_cell) in enumerate(items.items(), len(plans)):
        task_id, browser, viewport_key = cell
        snapshot, viewport = compared[task_id], Viewport.of_key(viewport_key)
        row = _row(transaction, run_id, position, snapshot, snapshot.digest(), browser, viewport)
        quarantine = in_quarantine(transaction, row)
        found = [_missing(row, number, item, quarantine.of(item["target"])) for number, item in enumerate(of_cell)]
        quarantined = all(shot["quarantine_id"] for shot in found)
        rows.append(row | _ENDED | {"finished_at": transaction.now, "quarantined": quarantined})
        missing += found
    transaction.insert(executions, rows)
    transaction.insert(screenshots, missing)
    return [row["id"] for row in rows]


_ENDED = {"status": Status.FINISHED, "verdict": Verdict.CHANGED, "level": "major"}


def _items(transaction: Transaction, baseline_id: str, task_ids: Sequence[str]) -> list[RowMapping]:
    query = sa.select(baseline_items).where(baseline_items.c.baseline_id == baseline_id)
    found = [
        row for chunk in batched(task_ids) for row in transaction.all(query.where(baseline_items.c.task_id.in_(chunk)))
    ]
    return sorted(found, key=lambda row: int(row["position"]))


def _row(
    transaction: Transaction,
    run_id: str,
    position: int,
    snapshot: ConfigurationSnapshot,
    digest: str,
    browser: str,
    viewport: Viewport,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "run_id": run_id,
        "position": position,
        "task_id": snapshot.task_id,
        "task_name": snapshot.task_name,
        "page_id": snapshot.page_id,
        "page_name": snapshot.page_name,
        "snapshot_digest": digest,
        "browser": browser,
        "viewport": viewport.model_dump(mode="json"),
        "viewport_key": viewport.key,
        "status": Status.QUEUED,
        "message": "",
        "attempt": 0,
        "admitted": False,
        "no_retry": False,
        "created_at": transaction.now,
    }


def _missing(
    execution: Mapping[str, Any], position: int, item: RowMapping, quarantine_id: str | None
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "execution_id": execution["id"],
        "run_id": execution["run_id"],
        "position": position,
        "target": item["target"],
        "missing_sha256": item["picture_sha256"],
        "masks": [],
        "unstable": False,
        "frames": 0,
        "verdict": Verdict.MISSING,
        "review": Decision.PENDING,
        "quarantine_id": quarantine_id,
    }
