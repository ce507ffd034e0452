"""Artifacts by obstore: a local folder, S3, GCS or Azure behind one implementation."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import AzureStore, GCSStore, S3Store

from scene.artifacts import sweeping
from scene.artifacts.base import Needed, Swept
from scene.artifacts.connect import FAILURES, StoreOptions, cause, connect, local_folder, place
from scene.artifacts.keys import key_of
from scene.domain.model import utc_now
from scene.domain.pictures import Blob
from scene.errors import NotFound, StorageError
from scene.telemetry.metrics import ARTIFACT_SECONDS

if TYPE_CHECKING:  # Not there at run time.
    from obstore import GetResult

T = TypeVar("T")

SCRATCH_PREFIX: Final = "scene-blob-"
_PROBE: Final = "probe"
_PROBE_SECONDS: Final = 5
_TRIES: Final = 3
_HARMLESS: Final = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
"""How a store answers a signed address by itself: captured bytes are saved, never shown or run in its origin."""


class BlobStore:
    """Content-addressed: a blob's key is its digest, so equal bytes are stored once and never changed."""

    def __init__(
        self,
        url: str,
        options: StoreOptions | None = None,
        *,
        grace: timedelta = timedelta(days=1),
        scratch: Path | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """``scratch``: folder of temporary copies. Raises SetupError when the address is not usable."""
        options = options or StoreOptions()
        self.place = place(url, options)
        self._folder = local_folder(url)
        self._store = connect(url, options)
        self._probed = connect(url, replace(options, silence_seconds=min(_PROBE_SECONDS, options.silence_seconds)))
        self._grace = grace
        self._scratch = scratch
        self._clock = clock

    def put_file(self, path: Path, expected_sha256: str | None = None) -> Blob:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StorageError(f"The file {path.name} could not be read: {error.strerror}.") from error
        blob = self.put_bytes(data)
        if expected_sha256 is not None and blob.sha256 != expected_sha256:
            raise StorageError(f"The file {path.name} changed after it was written: its digest is not the stated one.")
        return blob

    def put_bytes(self, data: bytes) -> Blob:
        blob = Blob(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        try:
            with _timed("put"):
                if self._folder is not None:
                    self._put_into_folder(self._folder / key_of(blob.sha256), blob, data)
                else:
                    self._put_remotely(blob, data)
        except FAILURES as error:
            raise StorageError(f"The artifact store did not take a file: {cause(error)}.") from error
        return blob

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        if end is not None and end <= start:
            return iter(())
        key = key_of(sha256)

        def ask() -> "GetResult":
            if end is not None:
                return obstore.get(self._store, key, options={"range": (start, end)})
            return obstore.get(self._store, key, options={"range": {"offset": start}} if start else {})

        return _chunks(self._found(sha256, ask))

    @contextmanager
    def local_file(self, sha256: str) -> Iterator[Path]:
        if self._folder is not None:
            path = self._folder / key_of(sha256)
            self._found(sha256, path.stat)
            yield path
            return
        copy = self._copy(self.read(sha256))
        try:
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def signed_url(self, sha256: str, lifetime: timedelta) -> str | None:
        store, key = self._store, key_of(sha256)
        if not isinstance(store, S3Store | GCSStore | AzureStore):
            return None

        def sign() -> str:
            obstore.head(store, key)
            return obstore.sign(store, "GET", key, lifetime)

        return self._found(sha256, sign)

    def sweep(self, needed: Needed, *, dry_run: bool = False) -> Iterator[Swept]:
        yield from sweeping.sweep(self._store, self._folder, needed, self._grace, self._clock, dry_run=dry_run)

    def check(self) -> None:
        try:
            obstore.put(self._probed, _PROBE, b"scene", mode="overwrite")
        except FAILURES as error:
            raise StorageError(f"The artifact store cannot be written to: {cause(error)}.") from error

    def _put_into_folder(self, path: Path, blob: Blob, data: bytes) -> None:
        for _ in range(_TRIES):
            try:
                obstore.put(self._store, key_of(blob.sha256), data, mode="create")
            except AlreadyExistsError:
                try:
                    # A power cut can leave a named but short file: the size tells, as names are given after writing.
                    if path.stat().st_size != blob.size:
                        obstore.put(self._store, key_of(blob.sha256), data, mode="overwrite")
                    os.utime(path)
                except FileNotFoundError:
                    continue  # A sweep set it aside at this very moment.
            return
        raise StorageError("The artifact store did not take a file: it vanishes as soon as it is written.")

    def _put_remotely(self, blob: Blob, data: bytes) -> None:
        """Nothing is sent when the bytes are there and nowhere near the end of their grace.

        Written over, not created: the bytes are the same, it makes them young again, and every store can do it.
        """
        key = key_of(blob.sha256)
        try:
            there = obstore.head(self._store, key)
        except FileNotFoundError:
            pass
        else:
            if there["size"] == blob.size and self._clock() - there["last_modified"] < self._grace / 2:
                return
        obstore.put(self._store, key, data, mode="overwrite", use_multipart=False, attributes=_HARMLESS)

    def _copy(self, chunks: Iterator[bytes]) -> Path:
        """A new file with these bytes; none is left behind by a failure."""
        path: Path | None = None
        try:
            if self._scratch is not None:
                self._scratch.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(prefix=SCRATCH_PREFIX, dir=self._scratch, delete=False) as file:
                path = Path(file.name)
                file.writelines(chunks)
        except BaseException as error:
            if path is not None:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise StorageError(f"A stored file could not be copied for reading: {cause(error)}.") from error
            raise
        return path

    def _found(self, sha256: str, ask: Callable[[], T]) -> T:
        """What ``ask`` gives, looking also where a sweep may have set the blob aside. Raises NotFound."""
        try:
            with _timed("get"):
                for _ in range(_TRIES):
                    try:
                        return ask()
                    except FileNotFoundError:
                        sweeping.give_back(self._store, sha256)
        except FAILURES as error:
            raise StorageError(f"The artifact store did not give a file: {cause(error)}.") from error
        raise NotFound.of("stored file", sha256)


@contextmanager
def _timed(operation: str) -> Iterator[None]:
    started, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "ok"
    finally:
        ARTIFACT_SECONDS.labels(operation, outcome).observe(time.perf_counter() - started)


def _chunks(result: "GetResult") -> Iterator[bytes]:
    try:
        for chunk in result.stream(min_chunk_size=1 << 18):
            yield bytes(chunk)
    except FAILURES as error:
        raise StorageError(f"The artifact store did not give a whole file: {cause(error)}.") from error
