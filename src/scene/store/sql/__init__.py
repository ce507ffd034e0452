"""The store on SQL."""

from scene.store.sql.store import SqlStore

__all__ = ["SqlStore"]
