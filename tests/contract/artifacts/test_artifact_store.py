"""What every artifact store promises."""

import hashlib
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from scene.artifacts.base import ArtifactStore
from scene.errors import NotFound, StorageError
from tests.contract.artifacts.conftest import Place, Read

MISSING = "0" * 64


def test_what_is_put_is_read_back(store: ArtifactStore, read: Read) -> None:
    blob = store.put_bytes(b"picture" * 100_000)
    assert blob.sha256 == hashlib.sha256(b"picture" * 100_000).hexdigest()
    assert read(blob.sha256) == b"picture" * 100_000
    assert blob.size == 700_000


def test_a_file_of_many_parts_is_one_blob(store: ArtifactStore, read: Read, tmp_path: Path) -> None:
    (tmp_path / "trace.zip").write_bytes(bytes(range(256)) * 40_000)
    blob = store.put_file(tmp_path / "trace.zip")
    assert hashlib.sha256(read(blob.sha256)).hexdigest() == blob.sha256


def test_equal_bytes_are_one_blob(store: ArtifactStore, place: Place) -> None:
    blob = store.put_bytes(b"same")
    assert store.put_bytes(b"same") == blob
    assert place.keys() == [f"{blob.sha256[:2]}/{blob.sha256}"]


def test_another_process_finds_what_this_one_put(store: ArtifactStore, place: Place) -> None:
    assert b"".join(place.open().read(store.put_bytes(b"shared").sha256)) == b"shared"


def test_a_range_is_exact(store: ArtifactStore, read: Read) -> None:
    blob = store.put_bytes(b"0123456789")
    assert read(blob.sha256, 2, 5) == b"234"
    assert read(blob.sha256, 7) == b"789"
    assert read(blob.sha256, 4, 4) == b""


def test_an_empty_file_is_a_blob_too(store: ArtifactStore, read: Read) -> None:
    assert read(store.put_bytes(b"").sha256) == b""


def test_a_file_is_checked_against_its_stated_digest(store: ArtifactStore, tmp_path: Path) -> None:
    (tmp_path / "file.png").write_bytes(b"changed")
    with pytest.raises(StorageError, match=r"file\.png changed after it was written"):
        store.put_file(tmp_path / "file.png", expected_sha256=hashlib.sha256(b"original").hexdigest())


def test_a_missing_blob_is_not_found(store: ArtifactStore) -> None:
    with pytest.raises(NotFound):
        store.read(MISSING)
    with pytest.raises(NotFound), store.local_file(MISSING):
        pass


def test_a_blob_that_somebody_deleted_is_mended_by_the_next_put(store: ArtifactStore, place: Place, read: Read) -> None:
    blob = store.put_bytes(b"picture")
    place.delete(f"{blob.sha256[:2]}/{blob.sha256}")
    with pytest.raises(NotFound):
        read(blob.sha256)
    store.put_bytes(b"picture")
    assert read(blob.sha256) == b"picture"


def test_a_local_file_has_the_bytes(place: Place, tmp_path: Path) -> None:
    store = place.open(scratch=tmp_path / "scratch")
    with store.local_file(store.put_bytes(b"picture").sha256) as path:
        assert path.read_bytes() == b"picture"
    assert [*tmp_path.glob("scratch/*")] == []


def test_a_file_that_cannot_be_read_is_a_storage_error(store: ArtifactStore, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone\.png could not be read"):
        store.put_file(tmp_path / "gone.png")


def test_a_store_that_can_be_written_to_passes_its_check(store: ArtifactStore) -> None:
    store.check()


def test_a_blob_cut_short_by_a_power_cut_is_mended_by_the_next_put(folder_place: Place) -> None:
    store = folder_place.open()
    blob = store.put_bytes(b"picture")
    assert folder_place.folder is not None
    (folder_place.folder / blob.sha256[:2] / blob.sha256).write_bytes(b"")
    store.put_bytes(b"picture")
    assert b"".join(store.read(blob.sha256)) == b"picture"


def test_a_folder_signs_nothing(folder_place: Place) -> None:
    store = folder_place.open()
    assert store.signed_url(store.put_bytes(b"picture").sha256, timedelta(minutes=1)) is None


def test_a_signed_address_gives_the_bytes_as_a_harmless_download(s3_place: Place) -> None:
    store = s3_place.open()
    url = store.signed_url(store.put_bytes(b"<script>alert(1)</script>").sha256, timedelta(minutes=1))
    assert url is not None
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.read() == b"<script>alert(1)</script>"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
    assert "X-Amz-Expires=60" in url


def test_what_is_missing_is_not_signed(s3_place: Place) -> None:
    with pytest.raises(NotFound):
        s3_place.open().signed_url(MISSING, timedelta(minutes=1))
