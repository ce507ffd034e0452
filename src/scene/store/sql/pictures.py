"""Pictures: stored once, however often they are captured."""

from collections.abc import Iterable

import sqlalchemy as sa

from scene.domain.pictures import Picture
from scene.store.sql import artifacts
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import pictures


def by_digest(transaction: Transaction, digests: Iterable[str | None]) -> dict[str, Picture]:
    rows = [
        row
        for chunk in batched(sorted({digest for digest in digests if digest is not None}))
        for row in transaction.all(sa.select(pictures).where(pictures.c.sha256.in_(chunk)))
    ]
    ids = [row[name] for row in rows for name in ("image_artifact_id", "thumbnail_artifact_id")]
    files = artifacts.by_id(transaction, ids)
    return {
        row["sha256"]: Picture(
            sha256=row["sha256"],
            width=row["width"],
            height=row["height"],
            image=files[row["image_artifact_id"]],
            thumbnail=files[row["thumbnail_artifact_id"]],
        )
        for row in rows
    }


def insert_new(transaction: Transaction, captured: Iterable[Picture]) -> None:
    """Store those that nobody captured before, with their files.

    In the order of their digests, so that two transactions with the same pictures never wait for each other in turn.
    """
    distinct = {picture.sha256: picture for picture in captured}
    for digest in sorted(distinct):
        picture = distinct[digest]
        row = {
            "sha256": digest,
            "width": picture.width,
            "height": picture.height,
            "image_artifact_id": picture.image.id,
            "thumbnail_artifact_id": picture.thumbnail.id,
        }
        if transaction.insert_new(pictures, row):
            artifacts.insert(transaction, [picture.image, picture.thumbnail])
