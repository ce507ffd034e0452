"""People who may come in."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from scene.domain.access import Password, User, UserChanges, UserDraft
from scene.domain.records import Actor
from scene.domain.wording import wording
from scene.errors import Conflict, Invalid, NotFound
from scene.services.editing import both, merge
from scene.services.passwords import Passwords
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest

_PASSWORD: TypeAdapter[str] = TypeAdapter(Password)


class Users:
    def __init__(self, store: Store, passwords: Passwords) -> None:
        self._users = store.users
        self._passwords = passwords

    def add(self, draft: UserDraft, password: str | None, by: Actor) -> User:
        """Without a password the person comes in by OpenID Connect or a trusted proxy. Raises Invalid,
        AlreadyExists."""
        hashed = self._hashed(password, draft.name) if password is not None else None
        return self._users.create(draft, hashed, None, by)

    def get(self, user_id: str) -> User:
        return self._users.get(user_id)

    def named(self, name: str) -> User:
        """Raises NotFound."""
        known = self._users.named(name.strip().lower())
        if known is None:
            raise NotFound.of("user", name)
        return known.user

    def newest(self, request: SliceRequest) -> Slice[User]:
        return self._users.newest(request)

    def update(
        self,
        user_id: str,
        changes: Mapping[str, Any],
        expected_version: int | None,
        by: Actor,
        password: str | None = None,
    ) -> User:
        """Role, whether the person may come in, and the password; a new one ends every session of the person.

        Raises Invalid, VersionConflict, and Conflict where nobody who may say who else may would be left.
        """
        current = self._users.get(user_id)
        draft, hashed = both(
            lambda: merge(UserChanges, current, changes),
            lambda: self._hashed(password, current.name) if password is not None else None,
        )
        return self._users.replace(user_id, draft, expected_version or current.version, by, hashed)

    def change_password(self, user: User, current: str, new: str, session_id: str | None, by: Actor) -> User:
        """One's own; every other session ends. Raises Invalid, naming ``current`` or ``password``, and Conflict for who
        comes in without one."""
        known = self._users.named(user.name)
        if known is None or known.password_hash is None:
            raise Conflict("You sign in without a password.")
        if not self._passwords.fits(current, known.password_hash):
            raise Invalid.field("current", "is not your password")
        hashed = self._hashed(new, user.name)
        return self._users.set_password(user.id, hashed, by, keep_session=session_id)

    def _hashed(self, password: str, name: str) -> str:
        """Raises Invalid."""
        check_password(password, name)
        return self._passwords.hash(password)


def check_password(password: str, name: str) -> None:
    """Raises Invalid, without repeating it. name: of the person, as far as it is known."""
    try:
        _PASSWORD.validate_python(password)
    except ValidationError as error:
        raise Invalid.field("password", wording(error.errors()[0])) from None
    if name and name.lower() in password.lower():
        raise Invalid.field("password", "must not contain the sign-in name")
