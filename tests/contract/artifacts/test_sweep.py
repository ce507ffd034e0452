"""What a sweep takes, what it leaves, and that nobody beside it ever loses anything."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from scene.artifacts import sweeping
from scene.artifacts.base import ArtifactStore, Needed, Swept
from scene.artifacts.connect import connect
from scene.artifacts.keys import new_aside_key
from scene.errors import NotFound
from tests.contract.artifacts.conftest import GRACE, Place

DAY = timedelta(days=1)


class Clock:
    """Tells the time, with what a test let pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(place: Place, clock: Clock) -> ArtifactStore:
    return place.open(clock=clock)


def nothing(_: set[str]) -> set[str]:
    return set()


def sweep(store: ArtifactStore, needed: Needed = nothing, *, dry_run: bool = False) -> Swept:
    return sum(store.sweep(needed, dry_run=dry_run), Swept())


def read(store: ArtifactStore, sha256: str) -> bytes:
    return b"".join(store.read(sha256))


def test_what_nothing_needs_is_set_aside_and_a_grace_later_removed(
    store: ArtifactStore, place: Place, clock: Clock
) -> None:
    store.put_bytes(b"picture")
    clock.passed += DAY
    assert sweep(store) == Swept(set_aside=1, set_aside_bytes=7)
    assert sweep(store) == Swept(), "set aside just now"
    clock.passed += DAY
    assert sweep(store) == Swept(removed=1, removed_bytes=7)
    assert place.keys() == []


def test_what_something_needs_stays_however_old(store: ArtifactStore, clock: Clock) -> None:
    kept, gone = store.put_bytes(b"kept"), store.put_bytes(b"gone")
    clock.passed += DAY
    for _ in range(2):
        sweep(store, {kept.sha256}.intersection)
        clock.passed += DAY
    assert read(store, kept.sha256) == b"kept"
    with pytest.raises(NotFound):
        read(store, gone.sha256)


def test_what_was_put_within_the_grace_stays(store: ArtifactStore, clock: Clock) -> None:
    blob = store.put_bytes(b"picture")
    clock.passed += GRACE / 2
    assert sweep(store) == Swept()
    assert read(store, blob.sha256) == b"picture"


def test_a_put_that_finds_its_bytes_makes_them_young_again(folder_place: Place) -> None:
    store = folder_place.open()
    blob = store.put_bytes(b"picture")
    folder_place.make_old(f"{blob.sha256[:2]}/{blob.sha256}", DAY)
    store.put_bytes(b"picture")
    assert sweep(store) == Swept()


def test_a_put_sends_bytes_again_when_their_grace_nears_its_end(s3_place: Place, clock: Clock) -> None:
    store = s3_place.open(clock=clock)
    store.put_bytes(b"picture")
    first = s3_place.written_at()
    threading.Event().wait(1.1)  # The server counts in seconds.
    store.put_bytes(b"picture")
    assert s3_place.written_at() == first, "young: nothing is sent"
    clock.passed += GRACE * 0.6
    store.put_bytes(b"picture")
    assert s3_place.written_at() > first


def test_a_dry_run_says_the_same_and_does_nothing(store: ArtifactStore, place: Place, clock: Clock) -> None:
    store.put_bytes(b"picture")
    clock.passed += DAY
    before = place.keys()
    assert sweep(store, dry_run=True) == Swept(set_aside=1, set_aside_bytes=7)
    assert place.keys() == before
    sweep(store)
    clock.passed += DAY
    assert sweep(store, dry_run=True) == Swept(removed=1, removed_bytes=7)
    assert len(place.keys()) == 1


def test_what_was_set_aside_comes_back_to_whoever_reads_it(store: ArtifactStore, clock: Clock) -> None:
    blob = store.put_bytes(b"picture")
    clock.passed += DAY
    sweep(store)
    with store.local_file(blob.sha256) as path:
        assert path.read_bytes() == b"picture"
    clock.passed += DAY
    assert sweep(store, {blob.sha256}.intersection) == Swept(), "nothing is aside any more"


def test_what_was_set_aside_comes_back_when_it_is_needed_after_all(store: ArtifactStore, clock: Clock) -> None:
    blob = store.put_bytes(b"picture")
    clock.passed += DAY
    sweep(store)
    clock.passed += DAY
    assert sweep(store, {blob.sha256}.intersection) == Swept(given_back=1)
    assert read(store, blob.sha256) == b"picture"


def test_a_blob_put_again_stays_when_what_was_set_aside_goes(store: ArtifactStore, place: Place, clock: Clock) -> None:
    blob = store.put_bytes(b"picture")
    place.write(new_aside_key(blob.sha256, clock() - DAY), b"picture")
    assert sweep(store) == Swept(removed=1, removed_bytes=7)
    assert read(store, blob.sha256) == b"picture"


def test_leftovers_of_killed_writes_go_when_they_are_old(folder_place: Place) -> None:
    store = folder_place.open()
    blob = store.put_bytes(b"picture")
    assert folder_place.folder is not None
    for number in (1, 2):
        (folder_place.folder / blob.sha256[:2] / f"{blob.sha256}#{number}").write_bytes(b"pic")
    folder_place.make_old(f"{blob.sha256[:2]}/{blob.sha256}#1", DAY)
    assert sweep(store, dry_run=True) == sweep(store) == Swept(leftovers=1)
    assert folder_place.keys() == [f"{blob.sha256[:2]}/{blob.sha256}", f"{blob.sha256[:2]}/{blob.sha256}#2"]


def test_what_is_not_a_blob_is_left_alone(store: ArtifactStore, place: Place, clock: Clock) -> None:
    store.check()
    clock.passed += DAY
    assert sweep(store) == Swept()
    assert place.keys() == ["probe"]


def test_nothing_put_beside_sweeps_is_lost(store: ArtifactStore, place: Place) -> None:
    """The worst that can happen: to the sweeps everything is too old at once, so that nothing but the order of their
    steps protects a blob between its put and the moment at which something refers to it."""
    # No folder: to their clock even a write under way would be a leftover.
    objects = connect(place.url, place.options)

    def sweep_eagerly(needed: Needed) -> Iterator[Swept]:
        return sweeping.sweep(objects, None, needed, GRACE, lambda: datetime.now(UTC) + DAY, dry_run=False)

    referred: set[str] = set()
    swept: list[Swept] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def put(worker: int) -> None:
        for number in range(60 if place.folder else 12):
            content = f"content {(number + worker) % 5} of {number // 5}".encode()
            blob = store.put_bytes(content)
            threading.Event().wait(0.002)
            referred.add(blob.sha256)
            assert read(store, blob.sha256) == content

    def keep_sweeping(_: int) -> None:
        while not done.is_set():
            swept.extend(sweep_eagerly(referred.copy().intersection))

    def guarded(act: Callable[[int], None], argument: int) -> threading.Thread:
        def run() -> None:
            try:
                act(argument)
            except BaseException as error:  # noqa: BLE001 - shown by the test
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    sweepers = [guarded(keep_sweeping, number) for number in range(2)]
    for thread in [guarded(put, worker) for worker in range(4)]:
        thread.join()
    done.set()
    for thread in sweepers:
        thread.join()
    assert errors == []
    assert sum(swept, Swept()).set_aside > 0, "the sweeps had something to do"
    assert all(read(store, sha256) for sha256 in referred)


def test_a_put_on_top_of_a_sweep_finds_its_blob_or_writes_it(folder_place: Place) -> None:
    """With a true clock: a blob that is old when it is put again is there afterwards, whoever came first."""
    store, sweeper = folder_place.open(), folder_place.open()
    assert folder_place.folder is not None
    done = threading.Event()

    def keep_sweeping() -> None:
        while not done.is_set():
            sweep(sweeper)

    thread = threading.Thread(target=keep_sweeping)
    thread.start()
    try:
        for _ in range(300):
            blob = store.put_bytes(b"picture")
            assert read(store, blob.sha256) == b"picture"
            with contextlib.suppress(FileNotFoundError):
                folder_place.make_old(f"{blob.sha256[:2]}/{blob.sha256}", DAY)
    finally:
        done.set()
        thread.join()
