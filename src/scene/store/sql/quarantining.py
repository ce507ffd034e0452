"""What is in quarantine when an execution ends: its screenshots say so, whatever becomes of the quarantine."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.store.sql.database import Transaction
from scene.store.sql.schema import quarantines, screenshots


class InQuarantine:
    """Of one execution: the quarantine of each of its targets."""

    def __init__(self, rows: Iterable[RowMapping]) -> None:
        self._by_target: dict[str | None, str] = {}
        for row in rows:
            self._by_target.setdefault(row["target"], row["id"])

    def of(self, target: str) -> str | None:
        """Its id."""
        return self._by_target.get(target) or self._by_target.get(None)

    @property
    def whole(self) -> bool:
        """Whether every target is in it: also one that could not be captured."""
        return None in self._by_target


def in_quarantine(transaction: Transaction, execution: Mapping[str, Any]) -> InQuarantine:
    """At this moment."""
    query = sa.select(quarantines.c.id, quarantines.c.target).where(
        quarantines.c.task_id == execution["task_id"],
        quarantines.c.expires_at > transaction.now,
        *(
            sa.or_(quarantines.c[name].is_(None), quarantines.c[name] == execution[name])
            for name in ("browser", "viewport_key")
        ),
    )
    return InQuarantine(transaction.all(query.order_by(quarantines.c.id)))


def was_in_quarantine(transaction: Transaction, execution_id: str) -> set[str]:
    """Ids of those screenshots of an execution that were in quarantine when it ended."""
    query = sa.select(screenshots.c.id).where(
        screenshots.c.execution_id == execution_id, screenshots.c.quarantine_id.is_not(None)
    )
    return set(transaction.values(query))
