"""Where a blob is in its store: under its digest, or set aside by a sweep."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scene.domain.model import new_id

ASIDE: Final = "aside"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class AsideKey:
    """A blob that was set aside, and when. No two are alike, so that sweeps never remove what another set aside."""

    key: str
    sha256: str
    at: datetime


def key_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def digest_of(key: str) -> str | None:
    """None when the key is not a blob's."""
    found = re.fullmatch(r"[0-9a-f]{2}/([0-9a-f]{64})", key)
    return found[1] if found else None


def aside_folder(sha256: str) -> str:
    return f"{ASIDE}/{sha256}"


def new_aside_key(sha256: str, at: datetime) -> str:
    return f"{aside_folder(sha256)}/{at.astimezone(UTC):{_STAMP}}-{new_id()}"


def parse_aside(key: str) -> AsideKey | None:
    """None when the key is not one of ``new_aside_key``."""
    found = re.fullmatch(rf"{ASIDE}/([0-9a-f]{{64}})/(\d{{8}}T\d{{6}}Z)-[0-9a-f-]+", key)
    return AsideKey(key, found[1], datetime.strptime(found[2], _STAMP).replace(tzinfo=UTC)) if found else None
