"""Cover secrets in everything that leaves the runner."""

from collections.abc import Iterable

from scene_runner.protocol import COVER


class Redaction:
    """Of one job: ``redaction(text)`` is the text without its secrets."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Longest first, so that one that is a part of another leaves nothing of it."""
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, COVER)
        return text
