"""The promise of a store for the audit log."""

from typing import Any, Protocol

from scene.domain.filters import EVERY_ENTRY, AuditFilter
from scene.domain.records import Actor, AuditEntry
from scene.store.values import Slice, SliceRequest


class Records(Protocol):
    """Audit entries: never changed, and never removed."""

    def audit(self, request: SliceRequest, only: AuditFilter = EVERY_ENTRY) -> Slice[AuditEntry]:
        """Newest first."""
        ...

    def in_order(self, after: int, limit: int, only: AuditFilter = EVERY_ENTRY) -> list[AuditEntry]:
        """Those whose ``seq`` is greater, in the order in which they were written; at most so many."""
        ...

    def note(self, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
        """An audit entry of something that changed nothing else, such as a refusal."""
        ...
