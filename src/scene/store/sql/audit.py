"""Audit entries, written in the transaction of the change that they record."""

import json
from typing import Any

from scene.domain.model import new_id
from scene.domain.records import Actor
from scene.store.sql.database import Transaction
from scene.store.sql.types import storable, to_json


def record(transaction: Transaction, by: Actor, action: str, targets: list[str], data: dict[str, Any]) -> None:
    """Added to the chain at the end of the transaction, as the database will give it back."""
    transaction.audited.append(
        {
            "id": new_id(),
            "occurred_at": transaction.now,
            "actor_type": by.type,
            "actor_id": storable(by.id),
            "address": by.address and storable(by.address),
            "user_agent": by.user_agent and storable(by.user_agent),
            "action": action,
            "targets": targets,
            "data": json.loads(to_json(data)),
        }
    )
