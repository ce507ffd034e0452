"""Procrastinate's own schema, beside the store's in the same database: made, and brought up to date, with the app."""

from importlib import resources
from typing import Any, Final, cast

import psycopg
import sqlalchemy as sa
from procrastinate.schema import SchemaManager

from scene.errors import SetupError, StorageError

_LOCK: Final = 7_229_361_543
"""Any number that no other program locks in the same database."""
_RECORD: Final = "CREATE TABLE IF NOT EXISTS queue_migrations (name text PRIMARY KEY)"
_ANSWER_SECONDS: Final = 10


def conninfo(url: str) -> str:
    """From a URL of the store to what PostgreSQL's own library understands."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def migrate(url: str) -> None:
    """Safe when several servers start at once.

    Each step is a transaction, for some use values that an earlier one added to a type. What was applied is recorded by
    name, since procrastinate itself keeps no record: a newer one applies what it adds.
    Raises StorageError when the database does not answer, SetupError when a newer Scene has used it.
    """
    try:
        with psycopg.connect(conninfo(url), connect_timeout=_ANSWER_SECONDS, autocommit=True) as connection:
            # Held by the connection, and gone with it.
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            _migrate(connection)
    except psycopg.Error as error:
        cause = str(error).strip().partition("\n")[0]
        raise StorageError(f"The database does not answer: {cause}.") from error


def _migrate(connection: psycopg.Connection[Any]) -> None:
    connection.execute(_RECORD)
    applied = {row[0] for row in connection.execute("SELECT name FROM queue_migrations")}
    steps = {
        file.name: file.read_text(encoding="utf-8")
        for file in sorted(resources.files("procrastinate.sql").joinpath("migrations").iterdir(), key=lambda f: f.name)
        if file.name.endswith(".sql")
    }
    if unknown := applied - steps.keys():
        raise SetupError(
            f"The database was used by a newer Scene (queue {max(unknown)}). Start that version, or restore a backup."
        )
    missing = [name for name in steps if name not in applied]
    if not applied:
        _apply(connection, SchemaManager.get_schema(), missing)
        return
    for name in missing:
        _apply(connection, steps[name], [name])


def _apply(connection: psycopg.Connection[Any], statements: str, names: list[str]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(cast(Any, statements))
        cursor.executemany("INSERT INTO queue_migrations VALUES (%s)", [[name] for name in names])
