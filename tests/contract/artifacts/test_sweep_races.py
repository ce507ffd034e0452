"""Threads that put while others sweep: nobody ever loses anything."""

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from scene.artifacts import sweeping
from scene.artifacts.base import ArtifactStore, Swept
from scene.artifacts.connect import connect
from tests.contract.artifacts.conftest import GRACE, Place

DAY = timedelta(days=1)


class Crowd:
    """Threads that end with the context, and whose errors are told at its end."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self.done = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - shown by the test
                self.errors.append(error)

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()
        return thread

    def until_done(self, act: Callable[[], None]) -> None:
        def again_and_again() -> None:
            while not self.done.is_set():
                act()

        self.start(again_and_again)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        for thread in self._threads:
            thread.join()
        assert self.errors == []


def read(store: ArtifactStore, sha256: str) -> bytes:
    return b"".join(store.read(sha256))


def test_nothing_put_beside_sweeps_is_lost(place: Place) -> None:
    """The worst that can happen: to the sweeps everything is too old at once, so that nothing but the order of their
    steps protects a blob between its put and the moment at which something refers to it."""
    store, objects = place.open(), connect(place.url, place.options)
    contents = [f"content {number}".encode() for number in range(60 if place.folder else 12)]
    for content in [*contents, b"what nothing ever refers to"]:
        store.put_bytes(content)
    referred: set[str] = set()
    swept: list[Swept] = []

    def sweep_eagerly() -> None:
        def needed(digests: set[str]) -> set[str]:
            return digests & referred.copy()

        # No folder: to their clock even a write under way would be a leftover.
        swept.extend(sweeping.sweep(objects, None, needed, GRACE, lambda: datetime.now(UTC) + DAY, dry_run=False))

    def put() -> None:
        for content in contents:
            blob = store.put_bytes(content)
            threading.Event().wait(0.01)
            referred.add(blob.sha256)
            assert read(store, blob.sha256) == content

    with Crowd() as crowd:
        for _ in range(2):
            crowd.until_done(sweep_eagerly)
        for putting in [crowd.start(put) for _ in range(4)]:
            putting.join()
    assert sum(swept, Swept()).set_aside > 0, "the sweeps had something to do"
    assert all(read(store, sha256) for sha256 in referred)


def test_a_put_on_top_of_a_sweep_finds_its_blob_or_writes_it(folder_place: Place) -> None:
    """With a true clock: a blob that is old when it is put again is there afterwards, whoever came first."""
    store, sweeper = folder_place.open(), folder_place.open()
    with Crowd() as crowd:
        crowd.until_done(lambda: list(sweeper.sweep(lambda _: set())).clear())
        for _ in range(300):
            blob = store.put_bytes(b"picture")
            assert read(store, blob.sha256) == b"picture"
            with contextlib.suppress(FileNotFoundError):
                folder_place.make_old(f"{blob.sha256[:2]}/{blob.sha256}", DAY)
