"""Configuration snapshots: stored once, whatever uses them, and never deleted."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

import sqlalchemy as sa

from scene.domain.runs import ConfigurationSnapshot
from scene.store.sql.database import Transaction, batched
from scene.store.sql.schema import snapshots

K = TypeVar("K", bound=Hashable)


def store(transaction: Transaction, frozen: Mapping[K, ConfigurationSnapshot]) -> dict[K, str]:
    """The digest of each. Of those that are stored already, as most are when a batch runs again, only that is sent."""
    digests = {key: snapshot.digest() for key, snapshot in frozen.items()}
    distinct = {digest: frozen[key] for key, digest in digests.items()}
    known = {
        digest
        for chunk in batched(sorted(distinct))
        for digest in transaction.values(sa.select(snapshots.c.digest).where(snapshots.c.digest.in_(chunk)))
    }
    transaction.insert_missing(
        snapshots,
        [
            {"digest": digest, "document": distinct[digest].model_dump(mode="json")}
            for digest in sorted(distinct.keys() - known)
        ],
    )
    return digests
