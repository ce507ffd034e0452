"""How often something was tried, in windows of time."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.store.sql.database import Database, Transaction
from scene.store.sql.schema import throttles


class SqlThrottles:
    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, limits: Mapping[str, int], window_seconds: float) -> float:
        keys = sorted(limits)
        with self._database.write() as transaction:
            now = transaction.now
            fresh = {"tries": 0, "window_ends_at": now + timedelta(seconds=window_seconds)}
            transaction.insert_missing(throttles, [{"key": key, **fresh} for key in keys])
            # Held until the end, in one order, so that tries at the same moment are counted one after the other.
            held = [self._held(transaction, key) for key in keys]
            over = [row["key"] for row in held if row["window_ends_at"] <= now]
            transaction.change(sa.update(throttles).where(throttles.c.key.in_(over)).values(fresh))
            waits = [
                max(1.0, (row["window_ends_at"] - now).total_seconds())
                for row in held
                if row["key"] not in over and row["tries"] >= limits[row["key"]]
            ]
            if not waits:
                counted = sa.update(throttles).where(throttles.c.key.in_(keys))
                transaction.change(counted.values(tries=throttles.c.tries + 1))
            return max(waits, default=0)

    def give_back(self, keys: list[str]) -> None:
        with self._database.write() as transaction:
            taken = sa.update(throttles).where(throttles.c.key.in_(keys), throttles.c.tries > 0)
            transaction.change(taken.values(tries=throttles.c.tries - 1))

    def forget(self, key: str) -> None:
        with self._database.write() as transaction:
            transaction.change(sa.delete(throttles).where(throttles.c.key == key))

    def purge(self) -> int:
        with self._database.write() as transaction:
            return transaction.change(sa.delete(throttles).where(throttles.c.window_ends_at <= transaction.now))

    @staticmethod
    def _held(transaction: Transaction, key: str) -> RowMapping:
        query = sa.select(throttles).where(throttles.c.key == key).with_for_update()
        return transaction.connection.execute(query).mappings().one()
