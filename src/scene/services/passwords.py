"""Passwords as they are stored: Argon2id, with the parameters that RFC 9106 advises."""

import secrets
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_AT_ONCE: Final = 2
"""Each takes 64 MiB and some tens of milliseconds: who asks for many at once waits."""


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys: str | None = None

    def hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password)

    def fits(self, password: str, stored: str | None) -> bool:
        """Takes as long where nothing is stored, so that nobody learns which names there are."""
        with self._turns:
            if self._nobodys is None:
                self._nobodys = self._hasher.hash(secrets.token_hex(32))
            try:
                return self._hasher.verify(stored or self._nobodys, password) and stored is not None
            except (VerifyMismatchError, InvalidHashError):
                return False
