"""The chain of the audit log: each digest covers its entry and the digest before it.

Who changes, removes or inserts an entry afterwards must make every later digest anew; who has kept one of those
elsewhere sees it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from scene.domain.records import AuditEntry

BEGINNING: Final = "0" * 64
"""What stands for the digest before the first entry."""


@dataclass(frozen=True)
class Head:
    """The newest entry of a chain; ``seq`` 0 is a chain without entries."""

    seq: int = 0
    digest: str = BEGINNING


@dataclass(frozen=True)
class Broken:
    """The first place where a chain does not hold."""

    seq: int
    entry_id: str | None
    """None where an entry is missing."""
    why: str


def digest_after(previous: str, entry: AuditEntry) -> str:
    """64 hexadecimal digits: SHA-256 of the entry as JSON with ``previous`` in the place of ``sha256``.

    The JSON is UTF-8 with sorted keys and no spaces; a number that is whole has no fraction, since databases keep
    ``1.0`` as they like.
    """
    document = entry.model_dump(mode="json", exclude={"sha256"}) | {"previous": previous}
    text = json.dumps(_plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(entries: Iterable[AuditEntry], kept: Head | None = None) -> tuple[Head, Broken | None]:
    """Walk a whole chain in the order of seq: how far it holds, and where it does not.

    kept: an entry that must be in it.
    """
    head = Head()
    for entry in entries:
        if entry.seq != head.seq + 1:
            return head, Broken(head.seq + 1, None, "is missing")
        if digest_after(head.digest, entry) != entry.sha256:
            return head, Broken(entry.seq, entry.id, "is not as it was written")
        if kept is not None and kept.seq == entry.seq and kept.digest != entry.sha256:
            return head, Broken(entry.seq, entry.id, "is not the one that was kept")
        head = Head(entry.seq, entry.sha256)
    if kept is not None and kept.seq > head.seq:
        return head, Broken(head.seq + 1, None, "is missing")
    return head, None


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
