"""Links to a trace that are good for a few minutes: they need no sign-in, and open nothing else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from scene.domain.pictures import Artifact
from scene.errors import Refused, SecretUnreadable
from scene.vault import Vault

LIFETIME: Final = timedelta(minutes=10)
_CONTENT: Final = re.compile(rb"trace (\S+) (\d+)")
_REFUSAL: Final = "Open the trace again from the page of its execution."


class TraceLinks:
    """Sealed under Scene's key: servers that share the key understand each other's."""

    def __init__(self, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._vault = vault
        self._clock = clock

    def to(self, artifact: Artifact) -> str:
        """What stands for the artifact in a URL. Raises StorageError when there is no key and none can be made."""
        ends_at = int((self._clock() + LIFETIME).timestamp())
        sealed, key_id = self._vault.seal(f"trace {artifact.id} {ends_at}".encode())
        return f"{key_id}.{sealed}"

    def artifact_id(self, link: str) -> str:
        """Of the artifact that the link stands for. Raises Refused when the link is over, or none of ours."""
        key_id, _, sealed = link.partition(".")
        try:
            found = _CONTENT.fullmatch(self._vault.open(sealed, key_id))
        except (SecretUnreadable, ValueError):
            found = None
        if found is None:
            raise Refused(f"This link to a trace is not one that Scene gave. {_REFUSAL}")
        if self._clock().timestamp() >= int(found[2]):
            raise Refused(f"This link to a trace has expired: each is good for ten minutes. {_REFUSAL}")
        return found[1].decode()
