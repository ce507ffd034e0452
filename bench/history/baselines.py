"""Baselines of a batch that follow each other, as promotions make them: a few pictures of each are new."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from scene.domain.catalog import Batch
from scene.domain.model import new_id, utc_now
from scene.domain.pictures import ArtifactType
from scene.domain.renderers import Renderer
from scene.store.sql.schema import artifacts, baseline_items, baselines, executions, pictures

_CELL = ("task_id", "task_name", "browser", "viewport_key", "snapshot_digest")
_NEW_EVERY = 50
"""One picture in so many is another one in each baseline."""
_RENDERER = Renderer(
    browser="chromium",
    engine="chromium-headless-shell",
    version="140.0.0.0",
    platform="Linux x86_64",
    fonts_sha256="0" * 64,
    device_scale_factor=1,
)


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
            digests = _store(connection, [f"{batch.id} {position} {number}" for position in replaced], at)
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


def _store(connection: sa.Connection, names: list[str], at: datetime) -> list[str]:
    """Pictures, of which nobody asks the bytes; their digests."""
    files: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for name in names:
        image, thumbnail = (_file(f"{kind} {name}", kind, at) for kind in ("screenshot", "thumbnail"))
        ids = {"image_artifact_id": image["id"], "thumbnail_artifact_id": thumbnail["id"]}
        rows.append({"sha256": image["sha256"], "width": image["width"], "height": image["height"]} | ids)
        files += [image, thumbnail]
    connection.execute(sa.insert(artifacts), files)
    connection.execute(sa.insert(pictures), rows)
    return [row["sha256"] for row in rows]


def _file(content: str, kind: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "type": ArtifactType(kind),
        "name": f"{kind}.png",
        "media_type": "image/png",
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "size": 50_000,
        "width": 1_280,
        "height": 4_000,
        "created_at": at,
    }


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
        "renderer": _RENDERER.model_dump(mode="json"),
        "masks": [],
        "origin": None,
    }
