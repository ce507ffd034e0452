"""Audit entries, written in the transaction of the change that they record."""

from typing import Any

from sqlalchemy.engine import RowMapping

from scene.domain.model import new_id
from scene.domain.records import Actor, AuditEntry
from scene.store.sql.database import Transaction
from scene.store.sql.schema import audit


def record(transaction: Transaction, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
    transaction.insert(
        audit,
        [
            {
                "id": new_id(),
                "occurred_at": transaction.now,
                "actor_type": by.type,
                "actor_id": by.id,
                "address": by.address,
                "user_agent": by.user_agent,
                "action": action,
                "targets": targets,
                "data": data,
            }
        ],
    )


def entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        occurred_at=row["occurred_at"],
        actor=Actor(type=row["actor_type"], id=row["actor_id"], address=row["address"], user_agent=row["user_agent"]),
        action=row["action"],
        targets=row["targets"],
        data=row["data"],
    )
