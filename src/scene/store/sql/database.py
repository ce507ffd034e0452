"""Connections and transactions: what differs between the engines, and nothing else.

On SQLite every writing transaction starts with BEGIN IMMEDIATE, so that it waits for its turn at the start instead of
failing with "database is locked" in its middle; reads use their own deferred transactions. On PostgreSQL locks are
taken in one order, always: run rows (by id), executions (by id), pictures (by digest), then the admission lock.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RowMapping

from scene.domain.happenings import Happened, Hear, hear_nothing
from scene.errors import Conflict, SetupError, StorageError
from scene.store.sql import chain, copying
from scene.store.sql.types import to_json
from scene.telemetry.metrics import DATABASE_SECONDS

BUSY_TIMEOUT_MS = 30_000
_CHUNK = 1_000


@dataclass
class Transaction:
    """One transaction, and the one moment at which everything in it happens."""

    connection: sa.Connection
    now: datetime
    happened: list[Happened] = field(default_factory=list)
    """What those who count are told once it is committed."""
    audited: list[dict[str, Any]] = field(default_factory=list)
    """Rows of the audit log, without their place in its chain."""

    def all(self, query: sa.Executable) -> Sequence[RowMapping]:
        return self.connection.execute(query).mappings().all()

    def first(self, query: sa.Executable) -> RowMapping | None:
        return self.connection.execute(query).mappings().first()

    def value(self, query: sa.Executable) -> Any:
        """The first column of the first row; None when there is no row."""
        return self.connection.execute(query).scalar()

    def values(self, query: sa.Executable) -> list[Any]:
        """The first column of every row."""
        return list(self.connection.execute(query).scalars())

    def change(self, statement: sa.Update | sa.Delete) -> int:
        """How many rows it changed: what decides a guarded move."""
        return self.connection.execute(statement).rowcount

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        # SQLAlchemy leaves out what has no column, without a word, when it is given a list.
        if lost := rows[0].keys() - table.columns.keys():
            raise KeyError(f"{table.name} has no column {', '.join(sorted(lost))}")
        if self.connection.dialect.name == "postgresql" and len(rows) >= copying.AT_LEAST:
            copying.copy(self.connection, table, rows)
        else:
            self.connection.execute(sa.insert(table), list(rows))

    def insert_missing(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Those whose primary key is not there yet. In the order of their keys, so that nobody waits in a circle."""
        if rows:
            self.connection.execute(self._insert(table).on_conflict_do_nothing(), list(rows))

    def insert_new(self, table: sa.Table, row: dict[str, Any]) -> bool:
        """Whether the row was new: one with its primary key may be there already."""
        added = self._insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
        return self.first(added) is not None

    def _insert(self, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


class Database:
    """An engine with its two kinds of transactions. Raises StorageError where the database fails."""

    def __init__(self, url: str, clock: Callable[[], datetime], hear: Hear = hear_nothing) -> None:
        self._clock = clock
        self._hear = hear
        self.engine = _engine(url)
        reading = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine.execution_options(**reading)
        self._writer = self.engine.execution_options(scene_writes=True)
        # Threads of this process queue here, in turn; SQLite's own waiting is polling, and not fair.
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with DATABASE_SECONDS.labels("read").time(), _translated(), self._reader.begin() as connection:
            yield Transaction(connection, self._clock())

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Commits at the end, or changes nothing when an error leaves it."""
        with DATABASE_SECONDS.labels("write").time(), _translated():
            if not self.is_sqlite:
                with self._writing() as transaction:
                    yield transaction
                return
            with self._turn, self._writing() as transaction:
                yield transaction

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._writer.begin() as connection:
            transaction = Transaction(connection, self._clock())
            yield transaction
            if transaction.audited:
                chain.append(connection, transaction.audited)
        self._hear(transaction.happened)

    def close(self) -> None:
        self.engine.dispose()


def place_of(url: sa.URL) -> str:
    """What a URL leads to, for people. Of what may hold a secret (password, query) nothing is told."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite {url.database}"
    socket_folder = url.query.get("host", "")
    host = url.host or (socket_folder if isinstance(socket_folder, str) else ", ".join(socket_folder)) or "this machine"
    return f"PostgreSQL {url.database or url.username or ''} at {host}{f':{url.port}' if url.port else ''}"


def batched(values: Sequence[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """In chunks that fit into one IN (...) of any engine."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def is_unique_violation(error: sa.exc.IntegrityError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint" in str(error.orig)


def _engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise SetupError("The database URL is not valid; it is like sqlite:///scene.db.") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    if parsed.drivername != "postgresql+psycopg":
        raise SetupError(f"Scene stores in SQLite or PostgreSQL; {parsed.drivername} is neither.")
    return sa.create_engine(
        parsed,
        json_serializer=to_json,
        json_deserializer=from_json,
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        # Without the encoding, a database that was made without one gives bytes for text.
        connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
    )


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if url.database in (None, "", ":memory:"):
        raise SetupError("Scene needs a database file, such as sqlite:///scene.db: memory is not shared by threads.")
    engine = sa.create_engine(
        url,
        json_serializer=to_json,
        json_deserializer=from_json,
        pool_size=10,
        max_overflow=30,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # The driver opens no transactions of its own.
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys = ON")
        _write_ahead(connection)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("scene_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")

    return engine


def _write_ahead(connection: Any) -> None:
    """Ask again while another process does the same to a new file: SQLite fails here without its busy timeout."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _translated() -> Iterator[None]:
    """No error of the database leaves a verb as it is."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        if is_unique_violation(error):
            raise Conflict("Somebody else stored the same at the same moment; try again.") from error
        raise Conflict("Something that this refers to is gone, or something still refers to it.") from error
    except sa.exc.SQLAlchemyError as error:
        raise StorageError(_sentence(error)) from error


def _sentence(error: sa.exc.SQLAlchemyError) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    lowered = cause.lower()
    if "locked" in lowered or "busy" in lowered:
        return "The database is busy: another process holds it for too long. Try again."
    if "full" in lowered or "no space" in lowered:
        return "The disk of the database is full. Make room, then try again."
    if "no such table" in lowered or "does not exist" in lowered:
        return f"The database is not set up, or not of this version of Scene: {cause}."
    return f"The database does not answer: {cause}."
