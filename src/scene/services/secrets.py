"""Encrypt what is stored anew, under the first key: then the keys before it can be taken away."""

from dataclasses import dataclass

from scene.domain.records import Actor
from scene.errors import SecretUnreadable
from scene.store.auth import Sealed
from scene.store.base import Store
from scene.store.secrets import Kept
from scene.vault import Vault

_AT_ONCE = 100


@dataclass(frozen=True)
class RotationReport:
    key_id: str
    """That of the first key."""
    rotated: int
    changed: int
    """Somebody saved them meanwhile: under the first key, where every server has it first."""
    unreadable: int
    """Their key is not here."""


class Secrets:
    def __init__(self, store: Store, vault: Vault) -> None:
        self._secrets = store.secrets
        self._records = store.records
        self._vault = vault

    def rotate(self, by: Actor) -> RotationReport:
        """Beside servers that run, as often as one likes: what the first key encrypted already is left alone."""
        key_id = self._vault.first_key_id()
        counts = {"rotated": 0, "changed": 0, "unreadable": 0}
        after: tuple[str, str] | None = None
        while kept := self._secrets.other_than(key_id, after, _AT_ONCE):
            for each in kept:
                counts[self._rotate(each)] += 1
            after = (kept[-1].place, kept[-1].id)
        self._records.note(by, "secrets.rotated", [], {"key_id": key_id, **counts})
        return RotationReport(key_id, **counts)

    def _rotate(self, kept: Kept) -> str:
        try:
            content = self._vault.open(*kept.sealed)
        except SecretUnreadable:
            return "unreadable"
        return "rotated" if self._secrets.reseal(kept, Sealed(*self._vault.seal(content))) else "changed"
