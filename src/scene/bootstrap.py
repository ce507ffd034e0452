"""The one place where the parts are wired together."""

import fcntl
import os
import random
import shutil
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from scene.artifacts.base import ArtifactStore
from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import StoreOptions
from scene.clock import SteadyClock
from scene.domain.access import Scope
from scene.domain.model import new_id, utc_now
from scene.errors import SetupError
from scene.imaging.pool import ImagingPool
from scene.launch.base import Launcher
from scene.launch.selection import choose
from scene.outbound.gate import Gate
from scene.outbound.openid import Client, Provider
from scene.outbound.transport import guarded_client
from scene.queue.base import Queue
from scene.queue.local import LocalQueue
from scene.queue.migrate import migrate as migrate_queue
from scene.queue.postgres import PostgresQueue
from scene.services.access import Access, OtherWays
from scene.services.attempts import Attempts
from scene.services.audit import Audit
from scene.services.auth_profiles import AuthProfiles
from scene.services.baselines import Baselines
from scene.services.catalog import Batches, Pages, Projects, Tasks
from scene.services.comparing_again import ComparingAgain
from scene.services.comparisons import Comparisons
from scene.services.configuration import Configuration
from scene.services.deliveries import Deliveries, DeliveryPolicy
from scene.services.dry_runs import DryRuns
from scene.services.exporting import Exporting
from scene.services.health import HealthCheck
from scene.services.history import History
from scene.services.importing import Importing
from scene.services.judging import Judging
from scene.services.observing import Observing
from scene.services.openid import OpenId, Rules
from scene.services.passwords import Passwords
from scene.services.pictures import Pictures
from scene.services.quarantines import Quarantines
from scene.services.retention import Retention
from scene.services.reviews import Promotions, Reviews
from scene.services.runs import Runs
from scene.services.schedules import Schedules
from scene.services.secrets import Secrets
from scene.services.sessions import Sessions
from scene.services.signing_in import SigningIn
from scene.services.stopping import Stopping
from scene.services.sweep import Sweep
from scene.services.tokens import Tokens
from scene.services.trace_links import TraceLinks
from scene.services.trends import Trends
from scene.services.trying import Trying
from scene.services.users import Users
from scene.services.webhooks import Webhooks
from scene.services.workers import Workers
from scene.settings import ServerSettings
from scene.store.base import Belonging, Store
from scene.store.sql import SqlStore
from scene.telemetry.counting import count
from scene.vault import Vault
from scene.worker.delivering import Deliverer, DeliveryRetention
from scene.worker.loop import Worker
from scene.worker.periodic import Periodic
from scene.worker.presence import Presence
from scene.worker.reconcile import Reconciler
from scene.worker.retaining import RetentionSchedule
from scene.worker.sweeping import SweepSchedule

_SCHEDULES_SECONDS = 5
"""How late a scheduled run may start."""
_TIDY_SECONDS = 3_600
_DRAIN_SECONDS = 60
_QUICK_DRAIN_SECONDS = 5
_PROVIDER_SECONDS = 10
"""How long the OpenID Connect provider may take to answer; somebody waits for it."""
_LOCK_NAME = "serve.lock"
_OWN_NAMES = ("scene.db*", "artifacts", "work")
"""What the embedded Scene makes in its data folder, beside the lock."""


@dataclass(frozen=True)
class Services:
    """Every verb, by noun: what the API, the web interface and the commands call."""

    projects: Projects
    auth_profiles: AuthProfiles
    pages: Pages
    tasks: Tasks
    batches: Batches
    runs: Runs
    stopping: Stopping
    schedules: Schedules
    dry_runs: DryRuns
    baselines: Baselines
    history: History
    trends: Trends
    belonging: Belonging
    comparing_again: ComparingAgain
    trying: Trying
    reviews: Reviews
    promotions: Promotions
    quarantines: Quarantines
    retention: Retention
    importing: Importing
    exporting: Exporting
    configuration: Configuration
    health: HealthCheck
    observing: Observing
    trace_links: TraceLinks
    workers: Workers
    access: Access
    users: Users
    sessions: Sessions
    tokens: Tokens
    webhooks: Webhooks
    audit: Audit
    openid: OpenId | None
    """None without a provider."""


class Scene:
    """One Scene: web, queue and worker in this process. A context manager; ``start`` makes it work.

    Several of them can share one PostgreSQL and one artifact store: each takes part in every run. One without a worker
    leaves that to others; one that is only a worker leaves to them whatever serves people and other systems.
    """

    def __init__(
        self,
        settings: ServerSettings,
        *,
        fresh: bool = False,
        only_worker: bool = False,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Raises SetupError when the data folder is in use or not writable, StorageError when a store fails.

        fresh: forget what an earlier Scene left in the data folder.
        """
        require_workers(settings)
        self.settings = settings
        self._only_worker = only_worker
        self._lock = _lock(settings.data_dir)
        own = [path for pattern in _OWN_NAMES for path in settings.data_dir.glob(pattern)]
        _clear(own if fresh else [settings.work_dir])
        clock = SteadyClock(clock)
        self.store: Store = SqlStore(settings.effective_database_url, clock, settings.effective_public_url, count)
        self.store.migrate()
        self.queue: Queue = queue_of(settings)
        self.artifacts: ArtifactStore = _artifacts(settings, clock)
        self.imaging = ImagingPool(settings.imaging_workers)
        # Without a worker there is nothing to launch, and no engine to look for.
        chosen = choose(settings if settings.worker else settings.model_copy(update={"launcher": "process"}))
        self.launcher: Launcher = chosen.launcher
        launcher = chosen.launcher
        vault = vault_of(settings)
        retention = Retention(self.store)
        auth_profiles = AuthProfiles(self.store, vault)
        pictures = Pictures(self.store, self.artifacts, self.imaging, clock)
        comparisons = Comparisons(self.artifacts, self.imaging, clock)
        workers = Workers(self.store, launcher if settings.worker else None)
        runs = Runs(self.store, self.queue, workers)
        schedules = Schedules(self.store, runs, clock)
        passwords = Passwords()
        sessions = Sessions(self.store, passwords, clock, lifetime=timedelta(hours=settings.session_hours))
        access = Access(self.store, _other_ways(settings))
        gate = Gate(settings.outbound_allowed_hosts)
        webhooks = Webhooks(self.store, vault, gate, clock)
        self.services = Services(
            projects=Projects(self.store),
            auth_profiles=auth_profiles,
            pages=Pages(self.store),
            tasks=Tasks(self.store),
            batches=Batches(self.store),
            runs=runs,
            stopping=Stopping(self.store, self.queue),
            schedules=schedules,
            dry_runs=DryRuns(self.store, self.queue),
            baselines=Baselines(self.store),
            history=History(self.store, self.artifacts, redirect=settings.artifacts_redirect),
            trends=Trends(self.store),
            belonging=self.store.belonging,
            reviews=Reviews(self.store),
            promotions=Promotions(self.store),
            quarantines=Quarantines(self.store),
            retention=retention,
            importing=Importing(
                self.store,
                pictures,
                work_dir=settings.work_dir,
                most_bytes=settings.import_max_mb * 1_000_000,
                clock=clock,
            ),
            exporting=Exporting(self.store, self.artifacts),
            comparing_again=ComparingAgain(
                self.store, self.artifacts, comparisons, work_dir=settings.work_dir, clock=clock
            ),
            trying=Trying(self.store, self.artifacts, self.imaging, work_dir=settings.work_dir),
            configuration=Configuration(self.store, self.queue),
            health=HealthCheck(
                self.store,
                self.queue,
                self.artifacts,
                workers,
                auth_profiles,
                webhooks,
                chosen.detail if settings.worker else "carried out by other workers, as is set",
            ),
            observing=Observing(self.store, self.queue, launcher, clock),
            trace_links=TraceLinks(vault, clock),
            workers=workers,
            access=access,
            users=Users(self.store, passwords),
            sessions=sessions,
            tokens=Tokens(self.store, clock),
            webhooks=webhooks,
            audit=Audit(self.store),
            openid=_openid(settings, self.store, access, sessions, vault, clock),
        )
        attempts = Attempts(
            self.store,
            self.queue,
            self.artifacts,
            launcher,
            Judging(
                comparisons,
                pictures,
            ),
            SigningIn(self.store, auth_profiles, launcher, clock),
            work_dir=settings.work_dir,
            lease_seconds=settings.lease_seconds,
            clock=clock,
        )
        # The lock of the data folder keeps other servers from the database in it, and from no other.
        alone = settings.database_url is None
        self._worker = _worker(settings, self.store, self.queue, launcher, attempts, chosen.detail)
        usual = _DRAIN_SECONDS if only_worker else _QUICK_DRAIN_SECONDS
        self._drain_seconds = usual if settings.drain_seconds is None else settings.drain_seconds
        self._reconciler = Reconciler(self.store, self.queue, alone=alone)
        self.deliveries = Deliveries(self.store, webhooks, _delivery_policy(settings), clock, random.random)
        self._deliverer = Deliverer(
            self.deliveries,
            lambda: guarded_client(gate, seconds=settings.webhook_timeout_seconds),
            alone=alone,
        )
        sweep = _sweep(settings, self.store, self.artifacts, clock)
        self._sweeps = SweepSchedule(sweep, settings.sweep_interval_seconds)
        self._retention = RetentionSchedule(retention, settings.retention_interval_seconds)
        self._schedules = Periodic("schedules", schedules.start_due, _SCHEDULES_SECONDS)
        self._tidying = Periodic("sessions", sessions.tidy, _TIDY_SECONDS)
        self._delivery_retention = DeliveryRetention(
            self.deliveries, timedelta(days=settings.webhook_retention_days), clock
        )
        self._rounds = (self._delivery_retention, self._sweeps, self._schedules, self._retention, self._tidying)
        self._started = False

    def start(self) -> None:
        self._reconciler.start()
        if self.settings.worker:
            self._worker.start()
        if not self._only_worker:
            self._deliverer.start()
            for rounds in self._rounds:
                rounds.start()
        self._started = True

    def close(self) -> None:
        for rounds in self._rounds:
            rounds.stop()
        self._deliverer.stop()
        self._reconciler.stop()
        if self._started and self.settings.worker:
            self._worker.stop(self._drain_seconds)
        self.launcher.close()
        self.imaging.close()
        self.queue.close()
        self.store.close()
        self._lock.close()

    def __enter__(self) -> "Scene":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        yield _sweep(settings, store, _artifacts(settings, clock), clock)


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
        yield Keys(Access(store, _other_ways(settings)), Users(store, Passwords()), Tokens(store, clock))
    finally:
        store.close()


def _other_ways(settings: ServerSettings) -> OtherWays:
    role = None if settings.new_user_role == "none" else Scope(settings.new_user_role)
    return OtherWays(
        proxy=settings.proxy_user_header is not None, oidc=settings.oidc_issuer is not None, new_user_role=role
    )


def _openid(
    settings: ServerSettings,
    store: Store,
    access: Access,
    sessions: Sessions,
    vault: Vault,
    clock: Callable[[], datetime],
) -> OpenId | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        tuple(settings.oidc_scopes),
    )
    # Who names an issuer allows its host, wherever that is: a provider is often in the own network.
    gate = Gate([*settings.outbound_allowed_hosts, urlsplit(settings.oidc_issuer).hostname or ""])
    provider = Provider(client, lambda: guarded_client(gate, seconds=_PROVIDER_SECONDS), clock)
    rules = Rules(settings.oidc_name_claim, tuple(settings.oidc_email_domains))
    return OpenId(store, access, sessions, provider, vault, rules, clock)


def require_workers(settings: ServerSettings) -> None:
    """Raises SetupError when a server leaves its work to workers that cannot exist."""
    if not settings.worker and not settings.shares_database:
        raise SetupError(
            "SCENE_WORKER: a server without a worker needs workers elsewhere, and they a PostgreSQL that they share "
            "with it. Set SCENE_DATABASE_URL and SCENE_ARTIFACTS_URL, or let the server carry out executions itself."
        )


def _worker(
    settings: ServerSettings, store: Store, queue: Queue, launcher: Launcher, attempts: Attempts, executed: str
) -> Worker:
    worker_id = new_id()
    presence = Presence(
        store,
        launcher,
        worker=worker_id,
        name=settings.worker_name or f"{socket.gethostname()}:{os.getpid()}",
        executed=executed,
        slots=settings.slots,
        only=frozenset(settings.worker_browsers),
        labels=tuple(settings.worker_labels),
    )
    return Worker(
        store,
        queue,
        launcher,
        attempts,
        presence,
        worker_id=worker_id,
        slots=settings.slots,
        lease_seconds=settings.lease_seconds,
    )


def queue_of(settings: ServerSettings) -> Queue:
    """Shared by all who share a PostgreSQL, where it is made ready; otherwise this process's own."""
    if not settings.shares_database:
        return LocalQueue()
    migrate_queue(settings.effective_database_url)
    return PostgresQueue(settings.effective_database_url)


def vault_of(settings: ServerSettings) -> Vault:
    """Raises SetupError when a key of the settings is none."""
    key = settings.secret_key
    return Vault(settings.key_file, key.get_secret_value() if key else None)


def _artifacts(settings: ServerSettings, clock: Callable[[], datetime]) -> ArtifactStore:
    return BlobStore(
        settings.effective_artifacts_url,
        StoreOptions(
            silence_seconds=settings.artifacts_timeout_seconds,
            s3_endpoint=settings.s3_endpoint,
            s3_region=settings.s3_region,
            s3_path_style=settings.s3_path_style,
        ),
        grace=timedelta(seconds=settings.sweep_grace_seconds),
        scratch=settings.work_dir,
        clock=clock,
    )


def _sweep(settings: ServerSettings, store: Store, artifacts: ArtifactStore, clock: Callable[[], datetime]) -> Sweep:
    grace = timedelta(seconds=settings.sweep_grace_seconds)
    return Sweep(store, artifacts, work_dir=settings.work_dir, grace=grace, clock=clock)


def _delivery_policy(settings: ServerSettings) -> DeliveryPolicy:
    return DeliveryPolicy(
        tuple(settings.webhook_retry_seconds),
        settings.webhook_timeout_seconds,
        timedelta(days=settings.webhook_disable_after_days),
    )


def _clear(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def open_in(data_dir: Path, name: str) -> IO[bytes]:
    """A file of the data folder, opened to be added to; both are made when missing. Raises SetupError."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / name).open("ab+")
    except OSError as error:
        raise SetupError(f"SCENE_DATA_DIR: the folder {data_dir} cannot be written to: {error.strerror}.") from error


def _lock(data_dir: Path) -> IO[bytes]:
    """A data folder belongs to one process: a second one on it is refused."""
    file = open_in(data_dir, _LOCK_NAME)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().decode(errors="replace").strip()
        file.close()
        raise SetupError(
            f"Another Scene (process {holder or 'unknown'}) already serves the data folder {data_dir}. "
            "Stop it, or choose another folder with SCENE_DATA_DIR."
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file
