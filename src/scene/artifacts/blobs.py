"""Artifacts by obstore: a local folder, S3, GCS or Azure behind one implementation."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url

from scene.domain.pictures import Blob
from scene.errors import NotFound, SetupError, StorageError

_PROBE = "probe"
_FAILURES = (BaseError, OSError)


class BlobStore:
    """Content-addressed: a blob's key is its digest, so equal bytes are stored once and never overwritten."""

    def __init__(self, url: str) -> None:
        """``file:///folder`` or what obstore understands besides. Raises SetupError for anything else."""
        self._folder: Path | None = None
        try:
            if url.startswith("file://"):
                self._folder = Path(unquote(urlsplit(url).path))
                self._folder.mkdir(parents=True, exist_ok=True)
                self._store = LocalStore(self._folder)
            else:
                self._store = from_url(url)  # type: ignore[assignment]
        except (*_FAILURES, ValueError) as error:
            raise SetupError(f"SCENE_ARTIFACTS_URL: {url!r} cannot be used: {_first_line(error)}") from error

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
        key = _key(blob.sha256)
        try:
            try:
                obstore.put(self._store, key, data, mode="create")
            except AlreadyExistsError:
                # A power cut can leave a named but short file: the size tells, since names are given after writing.
                if obstore.head(self._store, key)["size"] != blob.size:
                    obstore.put(self._store, key, data, mode="overwrite")
        except _FAILURES as error:
            raise StorageError(f"The artifact store did not take a file: {_first_line(error)}") from error
        return blob

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        try:
            if end is not None and end <= start:
                return iter(())
            if end is not None:
                result = obstore.get(self._store, _key(sha256), options={"range": (start, end)})
            elif start:
                result = obstore.get(self._store, _key(sha256), options={"range": {"offset": start}})
            else:
                result = obstore.get(self._store, _key(sha256))
        except FileNotFoundError:
            raise NotFound.of("stored file", sha256) from None
        except _FAILURES as error:
            raise StorageError(f"The artifact store did not give a file: {_first_line(error)}") from error
        return (bytes(chunk) for chunk in result.stream(min_chunk_size=1 << 18))

    @contextmanager
    def local_file(self, sha256: str) -> Iterator[Path]:
        if self._folder is not None:
            path = self._folder / _key(sha256)
            if not path.is_file():
                raise NotFound.of("stored file", sha256)
            yield path
            return
        with tempfile.NamedTemporaryFile(prefix="scene-blob-") as copy:
            for chunk in self.read(sha256):
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)

    def check(self) -> None:
        try:
            obstore.put(self._store, _PROBE, b"scene", mode="overwrite")
        except _FAILURES as error:
            raise StorageError(f"The artifact store cannot be written to: {_first_line(error)}") from error


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _first_line(error: Exception) -> str:
    """obstore appends its own source trace after the first line."""
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
