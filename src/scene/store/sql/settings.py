"""The settings: one record, whose row is also the admission lock."""

import sqlalchemy as sa

from scene.domain.records import Actor, Settings, SettingsRecord
from scene.errors import VersionConflict
from scene.store.sql.audit import record
from scene.store.sql.crud import changed_fields
from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import settings


def current(transaction: Transaction, lock: bool = False) -> SettingsRecord:
    """With the lock, nobody else admits (or changes the settings) until the transaction ends."""
    query = sa.select(settings.c.document, settings.c.version)
    row = transaction.connection.execute(query.with_for_update() if lock else query).one()
    return SettingsRecord.model_validate(row.document | {"version": row.version})


class SqlSettings:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> SettingsRecord:
        with self._database.read() as transaction:
            return current(transaction)

    def replace(self, draft: Settings, expected_version: int | None, by: Actor) -> SettingsRecord:
        with self._database.write() as transaction:
            before = current(transaction, lock=True)
            if expected_version is not None and expected_version != before.version:
                raise VersionConflict("Somebody else saved the settings first; load them again.")
            plain = Settings.model_validate(draft.model_dump(include=set(Settings.model_fields)))
            changed = changed_fields(before, plain)
            if not changed:
                return before
            values = {"document": plain.model_dump(mode="json", exclude_defaults=True), "version": before.version + 1}
            transaction.change(sa.update(settings).values(values))
            record(transaction, by, "settings.updated", ["settings:1"], {"changed": changed})
            return current(transaction)
