"""Pictures, and other files that are stored, without their bytes."""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scene.domain.model import new_id
from scene.domain.pictures import ArtifactType
from scene.domain.renderers import Renderer
from scene.store.sql.schema import artifacts, pictures

RENDERER = Renderer(
    browser="chromium",
    engine="chromium-headless-shell",
    version="140.0.0.0",
    platform="Linux x86_64",
    fonts_sha256="0" * 64,
    device_scale_factor=1,
)


def store(connection: sa.Connection, names: list[str], at: datetime) -> list[str]:
    """Pictures that are not there yet, of which nobody asks the bytes; their digests."""
    files: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for name in names:
        image, thumbnail = (file_of(f"{kind} {name}", kind, at) for kind in ("screenshot", "thumbnail"))
        ids = {"image_artifact_id": image["id"], "thumbnail_artifact_id": thumbnail["id"]}
        rows.append({"sha256": image["sha256"], "width": image["width"], "height": image["height"]} | ids)
        files += [image, thumbnail]
    connection.execute(sa.insert(artifacts), files)
    connection.execute(sa.insert(pictures), rows)
    return [row["sha256"] for row in rows]


def file_of(content: str, kind: str, at: datetime) -> dict[str, Any]:
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
