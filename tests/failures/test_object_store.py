"""An object store that is slow, hangs, fails, breaks off or is gone: a clear error in bounded time, nothing
half-written, and all is well when the store is."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
import pytest

from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import connect
from scene.errors import StorageError
from tests.support.proxy import Mood, Proxy
from tests.support.s3 import S3Server

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SILENCE_SECONDS = 1.0
BOUND_SECONDS = 10 * SILENCE_SECONDS
"""Far above what the store is allowed, and far below a time-out of obstore's own."""
LARGE = bytes(range(256)) * 4_000


@pytest.fixture
def proxy(s3: S3Server) -> Iterator[Proxy]:
    with Proxy(s3.port) as proxy:
        yield proxy


@pytest.fixture
def bucket(s3: S3Server) -> str:
    return f"s3://{s3.bucket()}"


@pytest.fixture
def store(s3: S3Server, proxy: Proxy, bucket: str, tmp_path: Path) -> BlobStore:
    options = s3.options(s3_endpoint=proxy.endpoint, silence_seconds=SILENCE_SECONDS)
    return BlobStore(bucket, options, scratch=tmp_path / "scratch")


@pytest.fixture
def behind(s3: S3Server, bucket: str) -> "ObjectStore":
    """The same bucket without the proxy."""
    return connect(bucket, s3.options())


FAILURES = [
    (Mood.HANGING, "it did not answer in time"),
    (Mood.FAILING, "it answered 500 Internal Server Error"),
    (Mood.GONE, "it cannot be reached"),
    (Mood.CUTTING_REQUESTS, "it broke the connection"),
]


@pytest.mark.parametrize(("mood", "words"), FAILURES)
def test_a_put_that_fails_says_why_and_leaves_nothing(
    store: BlobStore, behind: "ObjectStore", proxy: Proxy, mood: Mood, words: str
) -> None:
    proxy.mood = mood
    started = time.monotonic()
    with pytest.raises(StorageError, match=f"did not take a file: {words}"):
        store.put_bytes(LARGE)
    assert time.monotonic() - started < BOUND_SECONDS
    assert obstore.list(behind).collect() == []
    proxy.mood = Mood.WELL
    assert b"".join(store.read(store.put_bytes(LARGE).sha256)) == LARGE
    assert len(obstore.list(behind).collect()) == 1


@pytest.mark.parametrize(("mood", "words"), [*FAILURES[:3], (Mood.CUTTING_ANSWERS, "it broke the connection")])
def test_a_read_that_fails_says_why_and_gives_no_part_for_the_whole(
    store: BlobStore, proxy: Proxy, tmp_path: Path, mood: Mood, words: str
) -> None:
    blob = store.put_bytes(LARGE)
    proxy.mood = mood
    started = time.monotonic()
    with pytest.raises(StorageError, match=f"did not give a (whole )?file: {words}"), store.local_file(blob.sha256):
        pass
    assert time.monotonic() - started < BOUND_SECONDS
    assert list((tmp_path / "scratch").glob("*")) == []
    proxy.mood = Mood.WELL
    with store.local_file(blob.sha256) as path:
        assert path.read_bytes() == LARGE


@pytest.mark.parametrize(("mood", "words"), FAILURES[:3])
def test_a_check_that_fails_says_why(store: BlobStore, proxy: Proxy, mood: Mood, words: str) -> None:
    proxy.mood = mood
    with pytest.raises(StorageError, match=f"cannot be written to: {words}"):
        store.check()
    proxy.mood = Mood.WELL
    store.check()


def test_a_sweep_that_fails_says_so_and_goes_on_next_time(store: BlobStore, proxy: Proxy) -> None:
    store.put_bytes(LARGE)
    proxy.mood = Mood.GONE
    with pytest.raises(StorageError, match="could not be swept: it cannot be reached"):
        list(store.sweep(lambda _: set()))
    proxy.mood = Mood.WELL
    list(store.sweep(lambda _: set()))


def test_a_slow_store_is_waited_for(store: BlobStore, proxy: Proxy) -> None:
    proxy.mood = Mood.SLOW
    assert b"".join(store.read(store.put_bytes(LARGE).sha256)) == LARGE


def test_a_store_that_stumbles_is_asked_again(store: BlobStore, proxy: Proxy) -> None:
    proxy.mood, proxy.failing_times = Mood.FAILING, 2
    assert b"".join(store.read(store.put_bytes(LARGE).sha256)) == LARGE
