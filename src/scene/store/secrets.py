"""The promise of a store for what it keeps encrypted, whatever it is of: to be encrypted under another key."""

from typing import NamedTuple, Protocol

from scene.store.auth import Sealed


class Kept(NamedTuple):
    """One encrypted text, and where it is."""

    place: str
    id: str
    sealed: Sealed


class Secrets(Protocol):
    def other_than(self, key_id: str, after: tuple[str, str] | None, limit: int) -> list[Kept]:
        """What another key encrypted, in the order of place and id; after: where the list before ended."""
        ...

    def reseal(self, kept: Kept, anew: Sealed) -> bool:
        """Put another encryption of the same in its place. False when it was changed meanwhile: nothing is done."""
        ...
