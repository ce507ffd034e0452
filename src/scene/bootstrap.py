"""The one place where the parts are wired together."""

import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scene.artifacts.base import ArtifactStore
from scene.clock import SteadyClock
from scene.data_folder import clear, forget, lock
from scene.domain.model import new_id, utc_now
from scene.errors import SetupError
from scene.imaging.pool import ImagingPool
from scene.launch.base import Launcher
from scene.launch.selection import choose
from scene.outbound.gate import Gate
from scene.outbound.transport import guarded_client
from scene.parts import artifacts_of, delivery_policy_of, make_sweep, openid_of, other_ways_of, queue_of, vault_of
from scene.queue.base import Queue
from scene.services.access import Access
from scene.services.attempts import Attempts
from scene.services.audit import Audit
from scene.services.auth_profiles import AuthProfiles
from scene.services.baselines import Baselines
from scene.services.catalog import Batches, Pages, Projects, Tasks
from scene.services.comparing_again import ComparingAgain
from scene.services.comparisons import Comparisons
from scene.services.configuration import Configuration
from scene.services.deliveries import Deliveries
from scene.services.dry_runs import DryRuns
from scene.services.exporting import Exporting
from scene.services.health import HealthCheck
from scene.services.history import History
from scene.services.importing import Importing
from scene.services.judging import Judging
from scene.services.observing import Observing
from scene.services.openid import OpenId
from scene.services.passwords import Passwords
from scene.services.pictures import Pictures
from scene.services.quarantines import Quarantines
from scene.services.retention import Retention
from scene.services.reviews import Promotions, Reviews
from scene.services.runs import Runs
from scene.services.schedules import Schedules
from scene.services.sessions import Sessions
from scene.services.signing_in import SigningIn
from scene.services.stopping import Stopping
from scene.services.tokens import Tokens
from scene.services.trace_links import TraceLinks
from scene.services.trends import Trends
from scene.services.trying import Trying
from scene.services.users import Users
from scene.services.webhooks import Webhooks
from scene.services.workers import Workers
from scene.settings import ServerSettings
from scene.store.base import Store
from scene.store.belonging import Belonging
from scene.store.sql import SqlStore
from scene.telemetry.counting import count
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
        self._lock = lock(settings.data_dir)
        if fresh:
            forget(settings.data_dir)
        else:
            clear(settings.work_dir)
        clock = SteadyClock(clock)
        self.store: Store = SqlStore(settings.effective_database_url, clock, settings.effective_public_url, count)
        self.store.migrate()
        self.queue: Queue = queue_of(settings)
        self.artifacts: ArtifactStore = artifacts_of(settings, clock)
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
        access = Access(self.store, other_ways_of(settings))
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
            openid=openid_of(settings, self.store, access, sessions, vault, clock),
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
        self.deliveries = Deliveries(self.store, webhooks, delivery_policy_of(settings), clock, random.random)
        self._deliverer = Deliverer(
            self.deliveries,
            lambda: guarded_client(gate, seconds=settings.webhook_timeout_seconds),
            alone=alone,
        )
        sweep = make_sweep(settings, self.store, self.artifacts, clock)
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
