"""The promise of an artifact store: write once, never half-written, found by digest."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from scene.domain.pictures import Blob


class ArtifactStore(Protocol):
    """Thread-safe. Every method raises StorageError when the store fails."""

    def put_file(self, path: Path, expected_sha256: str | None = None) -> Blob:
        """Store a file's bytes; nothing is written when they are there already.

        Raises StorageError too when the file does not have the expected digest.
        """
        ...

    def put_bytes(self, data: bytes) -> Blob: ...

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Chunks of the bytes ``start`` to ``end`` (exclusive). Raises NotFound before the first chunk."""
        ...

    def local_file(self, sha256: str) -> AbstractContextManager[Path]:
        """A readable file with these bytes, for as long as the context lasts; never to be changed. Raises NotFound."""
        ...

    def check(self) -> None:
        """Raises StorageError when the store cannot be written to."""
        ...
