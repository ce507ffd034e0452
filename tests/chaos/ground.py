"""What a campaign stands on: a site, a receiver of webhooks, a small disk, a database, and Scene's own processes."""

import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from tests.chaos.adopted import adopting
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
_WITH_CONTAINERS = ("server", "worker-3")
"""Who uses containers, where there is an engine to be killed."""
LEASE_SECONDS = 5


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
    processes: Callable[[], set[psutil.Process]]
    """All that were started here and live, whoever their parent is now."""
    server: Server | None = None
    workers: dict[str, WorkerProcess] = field(default_factory=dict)
    seen: set[psutil.Process] = field(default_factory=set)
    """Scene's own, of those that were killed and of those that were there then."""

    def start_server(self) -> None:
        given = self.shared | self._launched("server")
        given |= {"worker": "false", "slots": "1"} if self.database else {"slots": "2"}
        self.server = _patiently(lambda: Server(self.folder / "server" if self.database else self.disk.folder, **given))

    def start_worker(self, name: str) -> None:
        given = self.shared | self._launched(name)
        self.workers[name] = _patiently(lambda: WorkerProcess(self.folder / name, "--name", name, **given))

    def kill_server(self) -> None:
        assert self.server
        self.see()
        self.server.kill()

    def kill_worker(self, name: str) -> None:
        self.see()
        self.workers.pop(name).kill()

    def freeze_worker(self, name: str) -> Callable[[], None]:
        """What lets it go on; after its lease, when it has lost what it holds. It may be killed before."""
        process = self.workers[name].process
        process.send_signal(signal.SIGSTOP)
        return lambda: process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """In order, those that are still there."""
        self.see()
        while self.workers:
            self.workers.popitem()[1].stop()
        if self.server:
            self.server.stop()
        self.server = None

    def see(self) -> None:
        self.seen |= self.scene()

    def scene(self) -> set[psutil.Process]:
        """Every living process that is neither the database's nor the engine's."""
        others = set(self.engine.tree()) if self.engine else set()
        return {each for each in self.processes() - others if _name(each) not in ("", "postgres")}

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

    def _launched(self, name: str) -> dict[str, str]:
        containers = self.engine and name in _WITH_CONTAINERS
        return {"launcher": "docker", "warm_runners": "0"} if containers else {"launcher": "process"}


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.NoSuchProcess:
        return ""


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
        processes = stack.enter_context(adopting())
        site, receiver = stack.enter_context(Site()), stack.enter_context(Receiver())
        disk = stack.enter_context(small_disk(folder / "disk", megabytes=_DISK_MB))
        database = stack.enter_context(cluster()) if shared_database else None
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in {**(engine.environment if engine else {}), "TMPDIR": str(temporary(folder))}.items():
            environment.setenv(name, value)
        shared = {
            "outbound_allowed_hosts": '["127.0.0.1"]',
            "lease_seconds": str(LEASE_SECONDS),
            "webhook_retry_seconds": "[1,1,1,2,2,2,5,5,5,5]",
            "webhook_timeout_seconds": "2",
            "secret_key": _KEY,
            "sweep_interval_seconds": "0",
        }
        if database:
            shared |= {"database_url": database.url, "artifacts_url": (disk.folder / "artifacts").as_uri()}
        made = Ground(folder, site, receiver, disk, database, engine, shared, processes)
        try:
            yield made
        finally:
            with suppress(psutil.Error, subprocess.SubprocessError):
                made.stop()
            for left in made.scene():
                with suppress(psutil.NoSuchProcess):
                    left.kill()


def temporary(folder: Path) -> Path:
    """Where Scene's processes and their browsers keep what goes with them."""
    path = folder / "tmp"
    path.mkdir(exist_ok=True)
    return path


def make_pages(site: Site, count: int, chance: random.Random) -> list[str]:
    paths = [f"/{number}" for number in range(count)]
    for number, path in enumerate(paths):
        site.pages[path] = f"<!doctype html><title>{number}</title><h1>Page {number}</h1><p>{chance.random()}</p>"
        site.delays[path] = chance.uniform(0, 2)
    return paths
