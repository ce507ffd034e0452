"""A folder of artifacts that is full, read-only or spoilt: a clear error, nothing half-written, and well afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scene.artifacts.blobs import BlobStore
from scene.errors import StorageError
from tests.support.disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small", megabytes=1) as disk:
        yield disk


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_disk(disk: SmallDisk) -> None:
    folder = disk.folder / "artifacts"
    store = BlobStore(folder.as_uri())
    kept = store.put_bytes(b"kept")
    disk.fill()
    with pytest.raises(StorageError, match="did not take a file: its disk is full"):
        store.put_bytes(bytes(100_000))
    with pytest.raises(StorageError, match="cannot be written to: its disk is full"):
        store.check()
    assert [path.name for path in files(folder)] == [kept.sha256], "nothing half-written"
    assert b"".join(store.read(kept.sha256)) == b"kept"
    disk.empty()
    assert b"".join(store.read(store.put_bytes(bytes(100_000)).sha256)) == bytes(100_000)


def test_a_disk_that_fills_up_in_the_middle_of_a_file(disk: SmallDisk) -> None:
    folder = disk.folder / "artifacts"
    store = BlobStore(folder.as_uri())
    with pytest.raises(StorageError, match="did not take a file: its disk is full"):
        store.put_bytes(bytes(5_000_000))
    assert files(folder) == []


def test_a_read_only_disk(disk: SmallDisk) -> None:
    store = BlobStore((disk.folder / "artifacts").as_uri())
    kept = store.put_bytes(b"kept")
    disk.remount("ro")
    with pytest.raises(StorageError, match="did not take a file: its disk is read-only"):
        store.put_bytes(b"new")
    with pytest.raises(StorageError, match="did not take a file: its disk is read-only"):
        store.put_bytes(b"kept")
    assert b"".join(store.read(kept.sha256)) == b"kept"
    disk.remount("rw")
    store.put_bytes(b"new")


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    store = BlobStore(tmp_path.as_uri())
    blob = store.put_bytes(b"picture")
    (tmp_path / blob.sha256[:2] / blob.sha256).unlink()
    (tmp_path / blob.sha256[:2]).rmdir()
    (tmp_path / blob.sha256[:2]).write_text("in the way")
    with pytest.raises(StorageError, match="did not take a file: a file is where a folder should be"):
        store.put_bytes(b"picture")
    (tmp_path / blob.sha256[:2]).unlink()
    store.put_bytes(b"picture")
