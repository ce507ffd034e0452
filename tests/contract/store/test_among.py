"""Many values in one parameter."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from scene.store.sql import SqlStore
from scene.store.sql.among import among
from scene.store.sql.database import Transaction
from scene.store.sql.schema import snapshots

VALUES = ["plain", "with 'quotes' and \"quotes\"", "C:\\new", "{a,b}", "NULL", "“é” 漢", ""]


@pytest.fixture
def transaction(make_url: Callable[[], str]) -> Iterator[Transaction]:
    store = SqlStore(make_url())
    with store._database.write() as transaction:
        transaction.insert(snapshots, [{"digest": value, "document": {}} for value in [*VALUES, "another"]])
        yield transaction
    store.close()


def found(transaction: Transaction, values: list[str]) -> set[str]:
    return set(transaction.values(sa.select(snapshots.c.digest).where(among(snapshots.c.digest, values))))


def test_every_value_is_found_as_it_is(transaction: Transaction) -> None:
    assert found(transaction, VALUES) == set(VALUES)
    assert [found(transaction, [value]) for value in VALUES] == [{value} for value in VALUES]


def test_among_none_is_nothing(transaction: Transaction) -> None:
    assert found(transaction, []) == set()


def test_the_rest_is_what_is_not_among_them(transaction: Transaction) -> None:
    rest = sa.select(snapshots.c.digest).where(~among(snapshots.c.digest, VALUES))
    assert transaction.values(rest) == ["another"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_looks_into_its_index(transaction: Transaction) -> None:
    query = sa.select(snapshots.c.document).where(among(snapshots.c.digest, VALUES))
    statement = str(query.compile(transaction.connection))
    plan = transaction.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[]",)).all()
    assert plan[0][3].startswith("SEARCH snapshots USING INDEX")
