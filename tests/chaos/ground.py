"""What a campaign stands on: a site, a receiver of webhooks, a small disk, a database, and Scene's own processes."""

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil

from tests.contract.store.clusters import Cluster, cluster
from tests.support.describe import Story
from tests.support.disk import SmallDisk, small_disk
from tests.support.own_engine import OwnEngine
from tests.support.receiver import Receiver
from tests.support.server import Server
from tests.support.site import Site
from tests.support.worker import WorkerProcess

_DISK_MB = 400
_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


@dataclass
class Ground:
    folder: Path
    site: Site
    receiver: Receiver
    disk: SmallDisk
    database: Cluster | None
    """None where Scene is one process with SQLite."""
    engine: OwnEngine | None
    shared: dict[str, str]
    server: Server | None = None
    workers: dict[str, WorkerProcess] = field(default_factory=dict)
    ended: list[psutil.Process] = field(default_factory=list)
    """Every process there was of those that were killed, with its children."""

    def start_server(self) -> None:
        given = {**self.shared, **({"worker": "false", "slots": "1"} if self.database else {"slots": "2"})}
        self.server = _patiently(lambda: Server(self.folder / "server" if self.database else self.disk.folder, **given))

    def start_worker(self, name: str) -> None:
        # The last worker uses containers, where there is an engine to be killed.
        engine = self.engine if name == "worker-3" else None
        settings = self.shared | ({"launcher": "docker", "warm_runners": "0"} if engine else {})
        others = engine.environment if engine else None
        self.workers[name] = _patiently(
            lambda: WorkerProcess(self.folder / name, "--name", name, others=others, **settings)
        )

    def kill_server(self) -> None:
        assert self.server
        self.ended += self.server.tree()
        self.server.kill()

    def kill_worker(self, name: str) -> None:
        worker = self.workers.pop(name)
        self.ended += worker.tree()
        worker.kill()

    def stop(self) -> None:
        for worker in self.workers.values():
            self.ended += worker.tree()
            worker.stop()
        if self.server:
            self.ended += self.server.tree()
            self.server.stop()

    def ask(self, ask: Callable[[Story], Any], story: Story, seconds: float = 120) -> Any:
        """Of whichever server is there now; an outage is waited out."""
        deadline = time.monotonic() + seconds
        while True:
            assert self.server
            story.client = self.server.client
            try:
                return ask(story)
            except (AssertionError, httpx2.HTTPError, RuntimeError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


def _patiently(start: Callable[[], Any]) -> Any:
    """Again and again, as a supervisor does, while what it stands on is gone."""
    deadline = time.monotonic() + 120
    while True:
        try:
            return start()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


@contextmanager
def ground(folder: Path, *, shared_database: bool, engine: OwnEngine | None = None) -> Iterator[Ground]:
    with ExitStack() as stack:
        site, receiver = stack.enter_context(Site()), stack.enter_context(Receiver())
        disk = stack.enter_context(small_disk(folder / "disk", megabytes=_DISK_MB))
        database = stack.enter_context(cluster()) if shared_database else None
        shared = {
            "outbound_allowed_hosts": '["127.0.0.1"]',
            "lease_seconds": "5",
            "webhook_retry_seconds": "[1,1,1,2,2,2,5,5,5,5]",
            "secret_key": _KEY,
            "sweep_interval_seconds": "0",
        }
        if database:
            shared |= {"database_url": database.url, "artifacts_url": (disk.folder / "artifacts").as_uri()}
        made = Ground(folder, site, receiver, disk, database, engine, shared)
        try:
            yield made
        finally:
            with suppress(psutil.Error, subprocess.SubprocessError):
                made.stop()


def make_pages(site: Site, count: int, chance: random.Random) -> list[str]:
    paths = [f"/{number}" for number in range(count)]
    for number, path in enumerate(paths):
        site.pages[path] = f"<!doctype html><title>{number}</title><h1>Page {number}</h1><p>{chance.random()}</p>"
        site.delays[path] = chance.uniform(0, 0.4)
    return paths
