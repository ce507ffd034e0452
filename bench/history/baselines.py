"""Baselines of a batch that follow each other, as promotions make them: a few pictures of each are new."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from history.pictures import RENDERER, store
from scene.domain.catalog import Batch
from scene.domain.model import new_id, utc_now
from scene.store.sql.schema import baseline_items, baselines, executions

_CELL = ("task_id", "task_name", "browser", "viewport_key", "snapshot_digest")
_NEW_EVERY = 50
"""One picture in so many is another one in each baseline."""


def lineage(engine: sa.Engine, batch: Batch, run_id: str, count: int) -> Iterator[str]:
    """So many baselines with a picture of each execution of a run, a day between them; the id of each, oldest first."""
    with engine.begin() as connection:
        wanted = sa.select(*(executions.c[name] for name in _CELL)).where(executions.c.run_id == run_id)
        cells = [dict(row) for row in connection.execute(wanted.order_by(executions.c.position)).mappings()]
        shown: list[str] = [""] * len(cells)
        parent_id = None
        for number in range(count):
            at = utc_now() - timedelta(days=count - number)
            replaced = range(number % _NEW_EVERY, len(cells), _NEW_EVERY) if number else range(len(cells))
            digests = store(connection, [f"{batch.id} {position} {number}" for position in replaced], at)
            for position, digest in zip(replaced, digests, strict=True):
                shown[position] = digest
            row = _baseline(batch, run_id, parent_id, at, len(cells), len(replaced))
            connection.execute(sa.insert(baselines), [row])
            items = [
                cell | _item(row["id"], position, digest)
                for position, (cell, digest) in enumerate(zip(cells, shown, strict=True))
            ]
            connection.execute(sa.insert(baseline_items), items)
            parent_id = row["id"]
            yield row["id"]


def _baseline(
    batch: Batch, run_id: str, parent_id: str | None, at: datetime, total: int, replaced: int
) -> dict[str, Any]:
    changes = {"replaced": replaced, "added": 0, "removed": 0, "kept": total - replaced}
    return {
        "id": new_id(),
        "project_id": batch.project_id,
        "batch_id": batch.id,
        "line": "main",
        "kind": "promotion" if parent_id else "recording",
        "run_id": run_id,
        "parent_id": parent_id,
        "created_at": at,
        "created_by": "ann",
        "notes": "",
        "items_total": total,
        "items_succeeded": total,
        "items_missing": 0,
        "changes": changes if parent_id else None,
    }


def _item(baseline_id: str, position: int, digest: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "baseline_id": baseline_id,
        "position": position,
        "target": "full",
        "picture_sha256": digest,
        "renderer": RENDERER.model_dump(mode="json"),
        "masks": [],
        "origin": None,
    }
