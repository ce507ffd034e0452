"""Somebody who takes jobs and opens their attempts, as the slots of a worker do, and captures nothing."""

import multiprocessing
import queue as mailbox
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from scene.domain.viewport import Browser
from scene.queue.base import Queue
from scene.queue.local import LocalQueue
from scene.queue.migrate import migrate
from scene.queue.postgres import PostgresQueue
from scene.store.base import Store
from scene.store.sql import SqlStore

LANES = frozenset(browser.value for browser in Browser)
_LEASE_SECONDS = 600
_LONGEST_SECONDS = 120
_TAKE_SECONDS = 5

Begun = tuple[str, float]
"""The run of an attempt, and when it was opened, by the clock that all processes of the machine share."""


class Taker:
    def __init__(self, hear: Callable[[], Begun]) -> None:
        self._hear = hear

    def began_at(self, run_id: str) -> float:
        """When the first attempt of a run was opened, by ``time.monotonic``; waits for it."""
        while True:
            run, at = self._hear()
            if run == run_id:
                return at


@contextmanager
def queue_on(url: str) -> Iterator[Queue]:
    """Beside the store on PostgreSQL, and else in this process."""
    if not url.startswith("postgresql"):
        yield LocalQueue()
        return
    migrate(url)
    shared = PostgresQueue(url)
    yield shared
    shared.drain()
    shared.close()


@contextmanager
def thread_that_takes(store: Store, queue: Queue) -> Iterator[Taker]:
    begun: mailbox.SimpleQueue[Begun] = mailbox.SimpleQueue()
    ending = threading.Event()
    thread = threading.Thread(target=_take, args=(store, queue, begun.put, ending.is_set))
    thread.start()
    yield Taker(lambda: begun.get(timeout=_LONGEST_SECONDS))
    ending.set()
    queue.drain()
    thread.join()


@contextmanager
def process_that_takes(url: str) -> Iterator[Taker]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_take_in_process, args=(url, theirs), name="taker", daemon=True)
    process.start()
    theirs.close()
    ours.recv()  # it is there

    def hear() -> Begun:
        if not ours.poll(_LONGEST_SECONDS):
            raise TimeoutError("Nobody took the job.")
        begun: Begun = ours.recv()
        return begun

    yield Taker(hear)
    process.terminate()
    process.join()


def _take_in_process(url: str, end: Connection) -> None:
    store = SqlStore(url)
    with queue_on(url) as queue:
        end.send(None)
        _take(store, queue, end.send, lambda: False)


def _take(store: Store, queue: Queue, tell: Callable[[Begun], None], ends: Callable[[], bool]) -> None:
    while not ends():
        job = queue.take(LANES, _TAKE_SECONDS)
        if job is None:
            continue
        work = store.executions.start(job.execution_id, job.attempt, "bench", _LEASE_SECONDS)
        opened = time.monotonic()
        queue.done(job)
        if work is not None:
            tell((work.execution.run_id, opened))
