"""Pictures: stored once, however often they are captured."""

from collections.abc import Iterable, Sequence

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
    """Store those that nobody captured before, with their files; nobody purges any of them until the end.

    In the order of their digests, so that two transactions with the same pictures never wait for each other in turn.
    """
    distinct = {picture.sha256: picture for picture in captured}
    held = _held(transaction, list(distinct))
    for digest in sorted(distinct.keys() - held):
        # Others may add or purge it at this moment: in the end it is ours, or theirs and held.
        while not _inserted(transaction, distinct[digest]) and not _held(transaction, [digest]):
            pass


def _held(transaction: Transaction, digests: Sequence[str]) -> set[str]:
    query = sa.select(pictures.c.sha256).order_by(pictures.c.sha256).with_for_update(read=True, key_share=True)
    return {
        digest
        for chunk in batched(sorted(digests))
        for digest in transaction.values(query.where(pictures.c.sha256.in_(chunk)))
    }


def _inserted(transaction: Transaction, picture: Picture) -> bool:
    row = {
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "image_artifact_id": picture.image.id,
        "thumbnail_artifact_id": picture.thumbnail.id,
    }
    if not transaction.insert_new(pictures, row):
        return False
    artifacts.insert(transaction, [picture.image, picture.thumbnail])
    return True
