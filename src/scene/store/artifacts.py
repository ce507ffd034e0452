"""The promise of a store for artifacts: which files there are, and what they are of. Their bytes are elsewhere."""

from collections.abc import Collection
from typing import Protocol

from scene.domain.pictures import Artifact


class Artifacts(Protocol):
    def get(self, artifact_id: str) -> Artifact: ...

    def of(self, execution_id: str) -> list[Artifact]:
        """Files of an execution's attempts, oldest first."""
        ...

    def referenced(self, digests: Collection[str]) -> set[str]:
        """Those of the digests that an artifact names: their blobs must stay."""
        ...
