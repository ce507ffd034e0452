"""Containers that nobody owns any more."""

import time
from collections.abc import Collection
from contextlib import suppress

import structlog

from scene.launch.docker.engine import Engine, EngineError, Found

log = structlog.get_logger(__name__)

_STRANGERS_AGE_SECONDS = 600


def remove_orphans(engine: Engine, owner: str, instance: str, busy: Collection[str]) -> int:
    """Remove what earlier processes of this Scene left, and what else has ended; how many there were.

    busy: ids of containers whose end somebody still looks into. The runners of a process that is gone, or of an engine
    that was, end by themselves, since their stream is gone; what is left is mostly a name. Raises EngineError.
    """
    removed = 0
    for found in engine.containers():
        if found.id not in busy and _is_orphan(found, owner, instance):
            with suppress(EngineError):  # somebody else removes it too
                engine.remove(found.id)
                log.info("orphan_removed", container=found.name, owner=found.owner)
                removed += 1
    return removed


def _is_orphan(found: Found, owner: str, instance: str) -> bool:
    if found.owner == owner:
        return found.ended or found.instance != instance
    return found.ended and time.time() - found.created_at > _STRANGERS_AGE_SECONDS
