"""The audit log: who did what, and whether somebody has changed what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scene.domain.chain import Broken, Head, first_broken
from scene.domain.filters import EVERY_ENTRY, AuditFilter
from scene.domain.records import AuditEntry
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Verified:
    head: Head
    """How far the chain holds."""
    broken: Broken | None
    """None when it holds to its end."""


class Audit:
    def __init__(self, store: Store) -> None:
        self._records = store.records

    def newest(self, only: AuditFilter, request: SliceRequest) -> Slice[AuditEntry]:
        return self._records.audit(request, only)

    def in_order(self, only: AuditFilter = EVERY_ENTRY) -> Iterator[AuditEntry]:
        """All of them, oldest first, however many there are: read as they are asked for."""
        after = 0
        while entries := self._records.in_order(after, _AT_ONCE, only):
            yield from entries
            after = entries[-1].seq

    def verify(self, kept: Head | None = None) -> Verified:
        """Walk the whole chain.

        kept: the newest entry of an earlier time, from outside the database: with it also a chain is found broken that
        somebody cut off at its end, or made anew as a whole.
        """
        head, broken = first_broken(self.in_order(), kept)
        return Verified(head, broken)
