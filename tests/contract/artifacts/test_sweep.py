"""What a sweep takes, what it leaves, and that nobody beside it ever loses anything."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from scene.artifacts.base import ArtifactStore, Needed, Swept
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
