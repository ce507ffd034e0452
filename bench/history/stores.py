"""Stores to fill, and the options that say which, and how full."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from places.databases import database

from scene.store.base import Store
from scene.store.sql import SqlStore


@contextmanager
def opened(name: str) -> Iterator[tuple[Store, sa.Engine]]:
    """An empty store on a database of this name, and an engine for what no verb of a store does."""
    with database(name) as url:
        store, engine = SqlStore(url), sa.create_engine(url)
        store.migrate()
        yield store, engine
        engine.dispose()
        store.close()


def settle(engine: sa.Engine) -> None:
    """What PostgreSQL's autovacuum does in time: its planner knows how much there is."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")


def add_sizes(parser: argparse.ArgumentParser, runs: int, repeat: int) -> None:
    parser.add_argument("--runs", type=int, default=runs, help="runs in the history")
    parser.add_argument("--per-run", type=int, default=500, help="executions of each, a multiple of 50")
    parser.add_argument("--repeat", type=int, default=repeat, help="how often each is asked for")


def add_engines(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
