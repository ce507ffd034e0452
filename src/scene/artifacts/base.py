"""The promise of an artifact store: write once, never half-written, found by digest."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from scene.domain.pictures import Blob

Needed = Callable[[set[str]], set[str]]
"""Which of these digests something refers to."""


@dataclass(frozen=True)
class Swept:
    """What a sweep did, or would do."""

    set_aside: int = 0
    """Blobs that nothing refers to: out of the way, and given back when something asks for them after all."""
    set_aside_bytes: int = 0
    removed: int = 0
    """Blobs that were set aside a grace period ago, and that nothing asked for since."""
    removed_bytes: int = 0
    given_back: int = 0
    """Blobs that were set aside, and that something refers to after all."""
    leftovers: int = 0
    """Files of writes that were killed."""

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(
            self.set_aside + other.set_aside,
            self.set_aside_bytes + other.set_aside_bytes,
            self.removed + other.removed,
            self.removed_bytes + other.removed_bytes,
            self.given_back + other.given_back,
            self.leftovers + other.leftovers,
        )


class ArtifactStore(Protocol):
    """Thread-safe. Every method raises StorageError when the store fails, in bounded time."""

    place: str
    """Where it is, in words that hold no secret."""

    def put_file(self, path: Path, expected_sha256: str | None = None) -> Blob:
        """Store a file's bytes; when they are there already, no sweep takes them for a grace period from now.

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

    def signed_url(self, sha256: str, lifetime: timedelta) -> str | None:
        """Where anybody may fetch these bytes for so long, as a download; none where the store cannot do that.

        Raises NotFound.
        """
        ...

    def sweep(self, needed: Needed, *, dry_run: bool = False) -> Iterator[Swept]:
        """Remove what nothing needs and nobody put for a grace period, part by part; stop asking to end it early.

        Safe beside puts, reads and other sweeps: what ``needed`` claims stays readable, even when it is claimed only
        after its digest was asked for, as long as that happens within a grace period from its last put.
        """
        ...

    def check(self) -> None:
        """Raises StorageError, soon, when the store cannot be written to."""
        ...
