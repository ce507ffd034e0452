"""What every artifact store promises."""

import hashlib
from pathlib import Path

import pytest

from scene.artifacts.base import ArtifactStore
from scene.artifacts.blobs import BlobStore
from scene.errors import NotFound, SetupError, StorageError


@pytest.fixture(params=["folder"])
def store(tmp_path: Path) -> ArtifactStore:
    return BlobStore((tmp_path / "artifacts with space").as_uri())


def read(store: ArtifactStore, sha256: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(store.read(sha256, start, end))


def test_what_is_put_is_read_back(store: ArtifactStore) -> None:
    blob = store.put_bytes(b"picture" * 100_000)
    assert blob.sha256 == hashlib.sha256(b"picture" * 100_000).hexdigest()
    assert read(store, blob.sha256) == b"picture" * 100_000
    assert blob.size == 700_000


def test_equal_bytes_are_one_blob(store: ArtifactStore, tmp_path: Path) -> None:
    assert store.put_bytes(b"same") == store.put_bytes(b"same")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_range_is_exact(store: ArtifactStore) -> None:
    blob = store.put_bytes(b"0123456789")
    assert read(store, blob.sha256, 2, 5) == b"234"
    assert read(store, blob.sha256, 7) == b"789"
    assert read(store, blob.sha256, 4, 4) == b""


def test_an_empty_file_is_a_blob_too(store: ArtifactStore) -> None:
    assert read(store, store.put_bytes(b"").sha256) == b""


def test_a_file_is_checked_against_its_stated_digest(store: ArtifactStore, tmp_path: Path) -> None:
    (tmp_path / "file.png").write_bytes(b"changed")
    with pytest.raises(StorageError, match=r"file\.png changed after it was written"):
        store.put_file(tmp_path / "file.png", expected_sha256=hashlib.sha256(b"original").hexdigest())


def test_a_missing_blob_is_not_found(store: ArtifactStore) -> None:
    with pytest.raises(NotFound):
        store.read("0" * 64)
    with pytest.raises(NotFound), store.local_file("0" * 64):
        pass


def test_a_local_file_has_the_bytes(store: ArtifactStore) -> None:
    blob = store.put_bytes(b"picture")
    with store.local_file(blob.sha256) as path:
        assert path.read_bytes() == b"picture"


def test_a_blob_cut_short_by_a_power_cut_is_mended_by_the_next_put(tmp_path: Path) -> None:
    store = BlobStore(tmp_path.as_uri())
    blob = store.put_bytes(b"picture")
    (tmp_path / blob.sha256[:2] / blob.sha256).write_bytes(b"")
    store.put_bytes(b"picture")
    assert read(store, blob.sha256) == b"picture"


def test_a_file_that_cannot_be_read_is_a_storage_error(store: ArtifactStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone\.png could not be read"):
        store.put_file(tmp_path / "gone.png")


def test_an_address_that_is_none_is_a_setup_error() -> None:
    with pytest.raises(SetupError, match="SCENE_ARTIFACTS_URL"):
        BlobStore("carrier-pigeon://coop")


def test_a_folder_that_cannot_be_made_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="SCENE_ARTIFACTS_URL"):
        BlobStore((tmp_path / "file" / "artifacts").as_uri())
