"""Encrypts what nobody but Scene may read, under keys that are not in the database.

The first key encrypts, all of them decrypt: a new key is put first, and the old one is taken away once nothing needs it
any more.
"""

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from scene.errors import SecretUnreadable, SetupError, StorageError

_KEY_BYTES: Final = 32
_MAKE_ONE: Final = "make one with `openssl rand -base64 32`"


class Vault:
    """Thread-safe. Nothing is read or made before the first use."""

    def __init__(self, key_file: Path, keys: str | None = None) -> None:
        """keys: of the environment, separated by commas; without any, the key file's, which is made when needed.

        Raises SetupError when one of them is no key.
        """
        self._key_file = key_file
        self._given = [_key(text, "SCENE_SECRET_KEY") for text in (keys or "").split(",") if text.strip()]

    def seal(self, content: bytes) -> tuple[str, str]:
        """The content encrypted, as ASCII text, and the id of the key that it needs.

        Raises StorageError when the key file cannot be made or read.
        """
        key = self._given[0] if self._given else self._own_key()
        return Fernet(base64.urlsafe_b64encode(key)).encrypt(content).decode(), _id_of(key)

    def open(self, sealed: str, key_id: str) -> bytes:
        """Raises SecretUnreadable, with what to do, when the key is not here or the text was changed."""
        key = self._keys().get(key_id)
        if key is None:
            raise SecretUnreadable(f"It was encrypted with the key {key_id}, and {self._have()}. {self.remedy}")
        try:
            return Fernet(base64.urlsafe_b64encode(key)).decrypt(sealed.encode())
        except InvalidToken:
            raise SecretUnreadable(
                "What is stored was changed or damaged since it was encrypted; write its secrets again."
            ) from None

    def first_key_id(self) -> str:
        """Of the key that encrypts. Raises StorageError when the key file cannot be made or read."""
        return _id_of(self._given[0] if self._given else self._own_key())

    def can_open(self, key_id: str) -> bool:
        """Whether the key of this id is here."""
        return key_id in self._keys()

    def unreadable(self, keys: Mapping[str, int], what: str) -> tuple[int, str]:
        """How much of it this server cannot decrypt, and a sentence about all of it.

        keys: how many of them need each key. what: such as ``auth profiles``.
        """
        lost = sum(count for key_id, count in keys.items() if not self.can_open(key_id))
        if lost:
            return lost, f"{lost} {what} cannot be decrypted by this server. {self.remedy}"
        return 0, f"all {what} can be decrypted; keys in use: {', '.join(keys) or 'none'}"

    @property
    def remedy(self) -> str:
        """What to do where a key is missing."""
        return (
            "Give every server of this database the same SCENE_SECRET_KEY: the new key first, then after a comma those "
            f"that are still needed. A server without the setting keeps its key in {self._key_file.name} of its data "
            "folder. Where the key is lost, write the secrets again."
        )

    def _have(self) -> str:
        known = ", ".join(self._keys())
        return f"this server has {known} only" if known else "this server has no key"

    def _keys(self) -> dict[str, bytes]:
        """By id. The key file counts beside the setting, so that moving from one to the other loses nothing."""
        keys = list(self._given)
        if self._key_file.exists():
            keys.append(self._read())
        return {_id_of(key): key for key in keys}

    def _own_key(self) -> bytes:
        if not self._key_file.exists():
            self._make()
        return self._read()

    def _read(self) -> bytes:
        try:
            text = self._key_file.read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise StorageError(f"The key file {self._key_file} cannot be read: {error.strerror}.") from error
        return _key(text, f"The key file {self._key_file}")

    def _make(self) -> None:
        """Whole or not at all, and readable by nobody else at any moment; who comes second takes the first one's."""
        try:
            self._key_file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._key_file.parent, prefix=f"{self._key_file.name}.") as file:
                file.write(base64.b64encode(os.urandom(_KEY_BYTES)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileExistsError):
                    os.link(file.name, self._key_file)
        except OSError as error:
            raise StorageError(f"The key file {self._key_file} cannot be made: {error.strerror}.") from error


def _key(text: str, where: str) -> bytes:
    """Base64 in either alphabet. Raises SetupError."""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise SetupError(f"{where}: a key is {_KEY_BYTES} random bytes in base64; {_MAKE_ONE}.")
    return key


def _id_of(key: bytes) -> str:
    """Tells keys apart, and nothing of the key: they are random."""
    return hashlib.sha256(b"scene key " + key).hexdigest()[:12]
