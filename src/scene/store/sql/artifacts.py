"""Artifacts: names and addresses of stored files."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from scene.domain.pictures import Artifact
from scene.errors import NotFound
from scene.store.sql.database import Database, Transaction, batched
from scene.store.sql.schema import artifacts

_COLUMNS = [column.name for column in artifacts.columns]


class SqlArtifacts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, artifact_id: str) -> Artifact:
        with self._database.read() as transaction:
            found = by_id(transaction, [artifact_id])
        if artifact_id not in found:
            raise NotFound.of("artifact", artifact_id)
        return found[artifact_id]

    def of(self, execution_id: str) -> list[Artifact]:
        query = sa.select(artifacts).where(artifacts.c.execution_id == execution_id).order_by(artifacts.c.id)
        with self._database.read() as transaction:
            return [Artifact.model_validate(dict(row)) for row in transaction.all(query)]

    def referenced(self, digests: Collection[str]) -> set[str]:
        with self._database.read() as transaction:
            return {
                digest
                for chunk in batched(sorted(digests))
                for digest in transaction.values(
                    sa.select(artifacts.c.sha256).where(artifacts.c.sha256.in_(chunk)).distinct()
                )
            }


def by_id(transaction: Transaction, ids: Iterable[str | None]) -> dict[str, Artifact]:
    found: dict[str, Artifact] = {}
    for chunk in batched(sorted({artifact_id for artifact_id in ids if artifact_id is not None})):
        for row in transaction.all(sa.select(artifacts).where(artifacts.c.id.in_(chunk))):
            found[row["id"]] = Artifact.model_validate(dict(row))
    return found


def insert(transaction: Transaction, files: Iterable[Artifact]) -> None:
    """Each id once, however often it is given."""
    distinct = {file.id: file for file in files}
    transaction.insert(artifacts, [{name: getattr(file, name) for name in _COLUMNS} for file in distinct.values()])
