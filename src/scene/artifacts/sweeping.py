"""Remove blobs that nothing refers to, beside everybody who puts and reads (docs/decisions/0007-sweep.md).

Between the question whether a blob is needed and its removal somebody may put the same bytes again, find them there,
and refer to them. No store can compare and delete in one step, so nothing is deleted at first: a blob is set aside
under a name that is used once. Whoever misses it takes it back; what nobody missed for a grace period goes for good.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore

from scene.artifacts.base import Needed, Swept
from scene.artifacts.connect import FAILURES, cause
from scene.artifacts.keys import ASIDE, AsideKey, aside_folder, digest_of, key_of, new_aside_key, parse_aside
from scene.errors import StorageError

if TYPE_CHECKING:  # Not there at run time.
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_BATCH: Final = 500


def sweep(
    store: "ObjectStore",
    folder: Path | None,
    needed: Needed,
    grace: timedelta,
    clock: Callable[[], datetime],
    *,
    dry_run: bool,
) -> Iterator[Swept]:
    """See ``ArtifactStore.sweep``; ``folder`` is where the store is, when it is a local one."""
    before = clock() - grace
    try:
        for aside in _batches(store, ASIDE):
            yield _clear_aside(store, aside, needed, before, dry_run=dry_run)
        for blobs in _batches(store, None):
            yield _set_aside(store, blobs, needed, before, clock, dry_run=dry_run)
        if folder is not None:
            yield _clear_leftovers(folder, before, dry_run=dry_run)
    except FAILURES as error:
        raise StorageError(f"The artifact store could not be swept: {cause(error)}.") from error


def give_back(store: "ObjectStore", sha256: str) -> None:
    """Bring a blob back that was set aside, if it was."""
    for entry in obstore.list(store, aside_folder(sha256)).collect():
        with contextlib.suppress(FileNotFoundError):  # Somebody else was quicker.
            obstore.rename(store, entry["path"], key_of(sha256))


def _set_aside(
    store: "ObjectStore",
    blobs: list["ObjectMeta"],
    needed: Needed,
    before: datetime,
    clock: Callable[[], datetime],
    *,
    dry_run: bool,
) -> Swept:
    old = {digest: blob for blob in blobs if (digest := digest_of(blob["path"])) and blob["last_modified"] < before}
    unneeded = {digest: old[digest] for digest in old.keys() - needed(set(old))}
    if dry_run:
        return Swept(set_aside=len(unneeded), set_aside_bytes=sum(blob["size"] for blob in unneeded.values()))
    swept = Swept()
    for digest in unneeded:
        with contextlib.suppress(FileNotFoundError):  # Another sweep was quicker.
            blob = obstore.head(store, key_of(digest))
            if blob["last_modified"] < before:
                obstore.rename(store, key_of(digest), new_aside_key(digest, clock()))
                swept += Swept(set_aside=1, set_aside_bytes=blob["size"])
    return swept


def _clear_aside(
    store: "ObjectStore", entries: list["ObjectMeta"], needed: Needed, before: datetime, *, dry_run: bool
) -> Swept:
    found = {aside: entry["size"] for entry in entries if (aside := parse_aside(entry["path"]))}
    claimed = needed({aside.sha256 for aside in found})
    swept = Swept()
    for aside, size in found.items():
        if aside.sha256 in claimed:
            swept += Swept(given_back=1)
            if not dry_run:
                give_back(store, aside.sha256)
        elif aside.at < before:
            swept += Swept(removed=1, removed_bytes=size)
            if not dry_run:
                _remove(store, aside)
    return swept


def _remove(store: "ObjectStore", aside: AsideKey) -> None:
    with contextlib.suppress(FileNotFoundError):  # Another sweep was quicker.
        obstore.delete(store, aside.key)


def _batches(store: "ObjectStore", prefix: str | None) -> Iterator[list["ObjectMeta"]]:
    for chunk in obstore.list(store, prefix, chunk_size=_BATCH):
        yield list(chunk)


def _clear_leftovers(folder: Path, before: datetime, *, dry_run: bool) -> Swept:
    """What obstore leaves where it was killed: ``name#1``, which its own list does not show."""
    count = 0
    found = (Path(at, name) for at, _, names in os.walk(folder) for name in names if "#" in name)
    for path in found:
        with contextlib.suppress(FileNotFoundError):  # A write that ended just now.
            if path.stat().st_mtime < before.timestamp():
                count += 1
                if not dry_run:
                    path.unlink()
    if not dry_run and (folder / ASIDE).is_dir():
        for empty in os.scandir(folder / ASIDE):
            with contextlib.suppress(OSError):  # Not empty.
                Path(empty).rmdir()
    return Swept(leftovers=count)
