"""A few services alone, for commands that work beside servers or without one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scene.clock import SteadyClock
from scene.data_folder import open_in
from scene.domain.model import utc_now
from scene.errors import SetupError
from scene.parts import artifacts_of, make_sweep, other_ways_of, vault_of
from scene.services.access import Access
from scene.services.audit import Audit
from scene.services.passwords import Passwords
from scene.services.secrets import Secrets
from scene.services.sweep import Sweep
from scene.services.tokens import Tokens
from scene.services.users import Users
from scene.settings import ServerSettings
from scene.store.base import Store
from scene.store.sql import SqlStore


@contextmanager
def _store_beside(settings: ServerSettings, clock: SteadyClock) -> Iterator[Store]:
    """The store of a Scene that is there, beside servers or without. Raises SetupError when there is none."""
    if settings.database_url is None and not (settings.data_dir / "scene.db").is_file():
        raise SetupError(f"SCENE_DATA_DIR: there is no Scene in {settings.data_dir}; choose its folder.")
    store = SqlStore(settings.effective_database_url, clock)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def sweep_of(settings: ServerSettings) -> Iterator[Sweep]:
    """The sweep alone, beside a server that holds the data folder. Raises SetupError when there is no Scene."""
    clock = SteadyClock(utc_now)
    with _store_beside(settings, clock) as store:
        yield make_sweep(settings, store, artifacts_of(settings, clock), clock)


@contextmanager
def secrets_of(settings: ServerSettings) -> Iterator[Secrets]:
    """What is encrypted in the database. Raises SetupError when there is no Scene."""
    with _store_beside(settings, SteadyClock(utc_now)) as store:
        yield Secrets(store, vault_of(settings))


@contextmanager
def audit_of(settings: ServerSettings) -> Iterator[Audit]:
    """The audit log. Raises SetupError when there is no Scene."""
    with _store_beside(settings, SteadyClock(utc_now)) as store:
        yield Audit(store)


@dataclass(frozen=True)
class Keys:
    """Who may come in, for an operator at the command line: beside a server or without one."""

    access: Access
    users: Users
    tokens: Tokens


@contextmanager
def keys_of(settings: ServerSettings) -> Iterator[Keys]:
    """Makes the database where there is none. Raises SetupError, StorageError."""
    if settings.database_url is None:
        open_in(settings.data_dir, "scene.db").close()
    clock = SteadyClock(utc_now)
    store = SqlStore(settings.effective_database_url, clock)
    try:
        store.migrate()
        yield Keys(Access(store, other_ways_of(settings)), Users(store, Passwords()), Tokens(store, clock))
    finally:
        store.close()
