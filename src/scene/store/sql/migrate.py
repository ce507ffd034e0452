"""Brings the schema up to date, in one transaction, whoever else does the same at the same moment."""

import threading
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from scene.errors import SetupError
from scene.store.sql.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 7_229_361_542
"""Any number that no other program locks in the same database."""

# Alembic keeps the migration in progress in module globals.
_one_at_a_time = threading.Lock()


def migrate(database: Database) -> None:
    """Raises SetupError when a newer Scene has used the database."""
    with _one_at_a_time, database.write() as transaction:
        if not database.is_sqlite:
            transaction.value(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config = _config(transaction.connection)
        revision = MigrationContext.configure(transaction.connection).get_current_revision()
        if revision is not None:
            _refuse_unknown(ScriptDirectory.from_config(config), revision)
        command.upgrade(config, "head")


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_unknown(scripts: ScriptDirectory, revision: str) -> None:
    try:
        scripts.get_revision(revision)
    except CommandError:
        raise SetupError(
            f"The database was used by a newer Scene (schema {revision}). Start that version, or restore a backup."
        ) from None
