"""The settings: one record, whose row is also the admission lock."""

import sqlalchemy as sa

from scene.domain.settings import SettingsRecord
from scene.store.sql.database import Transaction
from scene.store.sql.schema import settings

_QUERY = sa.select(settings.c.document, settings.c.version)


def current(transaction: Transaction, lock: bool = False, hold: bool = False) -> SettingsRecord:
    """With the lock, nobody else admits (or changes the settings) until the transaction ends; held, nobody changes
    them. Either is the last lock that a transaction takes."""
    query = _QUERY.with_for_update() if lock else _QUERY.with_for_update(read=True) if hold else _QUERY
    row = transaction.connection.execute(query).one()
    return SettingsRecord.model_validate(row.document | {"version": row.version})
