"""Every store that must keep the promise, empty, one after the other. None is ever skipped."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import obstore
import pytest

from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import StoreOptions, connect
from tests.support.s3 import S3Server, s3_server

GRACE = timedelta(hours=1)


@dataclass
class Place:
    """One empty store, and what an operator could see of it from outside."""

    url: str
    options: StoreOptions
    folder: Path | None

    def open(self, **changes: Any) -> BlobStore:
        return BlobStore(self.url, self.options, **{"grace": GRACE, **changes})

    def keys(self) -> list[str]:
        """Of everything in it, leftovers of killed writes included."""
        if self.folder is not None:
            return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(entry["path"] for entry in obstore.list(connect(self.url, self.options)).collect())

    def write(self, key: str, data: bytes) -> None:
        obstore.put(connect(self.url, self.options), key, data)

    def delete(self, key: str) -> None:
        obstore.delete(connect(self.url, self.options), key)

    def written_at(self) -> datetime:
        """Of the only object in it."""
        (entry,) = obstore.list(connect(self.url, self.options)).collect()
        return entry["last_modified"]

    def make_old(self, key: str, by: timedelta) -> None:
        """Only in a folder: the time of an object is its server's business."""
        assert self.folder is not None
        then = (self.folder / key).stat().st_mtime - by.total_seconds()
        os.utime(self.folder / key, (then, then))


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        folder = tmp_path / "artifacts with space"
        return Place(folder.as_uri(), StoreOptions(), folder)
    server: S3Server = request.getfixturevalue("s3")
    return Place(f"s3://{server.bucket()}/some/prefix", server.options(silence_seconds=10), None)


@pytest.fixture
def folder_place(tmp_path: Path) -> Place:
    return Place((tmp_path / "artifacts").as_uri(), StoreOptions(), tmp_path / "artifacts")


@pytest.fixture
def s3_place(s3: S3Server) -> Place:
    return Place(f"s3://{s3.bucket()}", s3.options(silence_seconds=10), None)


@pytest.fixture
def store(place: Place) -> BlobStore:
    return place.open()


Read = Callable[..., bytes]


@pytest.fixture
def read(store: BlobStore) -> Read:
    def read(sha256: str, start: int = 0, end: int | None = None) -> bytes:
        return b"".join(store.read(sha256, start, end))

    return read
