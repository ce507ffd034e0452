"""Columns as every table writes them."""

from typing import Any

import sqlalchemy as sa

from scene.store.sql.types import Json, PlainText, UtcTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_() -> sa.Column[str]:
    return sa.Column("id", PlainText, primary_key=True)


def text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PlainText, nullable=False, **options)


def optional_text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, PlainText, **options)


def owned_by(name: str, target: str, nullable: bool = False, primary_key: bool = False) -> sa.Column[str]:
    """Goes with what it points to."""
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, PlainText, key, nullable=nullable, primary_key=primary_key)


def refers_to(name: str, target: str, nullable: bool = False) -> sa.Column[str]:
    """Protects what it points to."""
    return sa.Column(name, PlainText, sa.ForeignKey(target), nullable=nullable)


def integer(name: str, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def number(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=nullable)


def flag(name: str, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=nullable)


def json(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Json, nullable=nullable)


def time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcTime, nullable=nullable)


def stamps() -> list[sa.Column[Any]]:
    return [integer("version"), time("created_at"), time("updated_at")]
