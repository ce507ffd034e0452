"""The promise of a store for auth profiles. Their secrets come and go encrypted: a store never sees one."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from scene.domain.auth import AuthParts, AuthProfile
from scene.domain.model import Model
from scene.domain.records import Actor
from scene.domain.status import Reason
from scene.store.values import Slice, SliceRequest


class Sealed(NamedTuple):
    text: str
    key_id: str
    """Which key opens it."""


@dataclass(frozen=True)
class SealedProfile:
    """A profile as a person wrote it."""

    name: str
    parts: AuthParts
    sealed: Sealed
    login_task_id: str | None
    max_age_seconds: int
    expires_at: datetime | None


class LoginFailure(Model):
    """Why a login task could not sign in."""

    reason: Reason
    message: str
    """One sentence for a person, without a secret."""


class LoginTurn(NamedTuple):
    """What a worker finds that needs somebody signed in. All empty: somebody else is signing in; ask again."""

    state: Sealed | None = None
    """Somebody is signed in: the storage state."""
    failure: LoginFailure | None = None
    """It was tried for the same cause already, in vain."""
    mine: bool = False
    """Sign in now, and say how it ended by ``end_login``."""


class AuthProfiles(Protocol):
    def create(self, project_id: str, profile: SealedProfile, by: Actor) -> AuthProfile:
        """Raises NotFound (project), AlreadyExists (name), Invalid (``login_task_id`` not of this project)."""
        ...

    def get(self, profile_id: str) -> AuthProfile: ...

    def sealed(self, profile_id: str) -> Sealed: ...

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[AuthProfile]: ...

    def replace(
        self, profile_id: str, profile: SealedProfile, changed: list[str], expected_version: int | None, by: Actor
    ) -> AuthProfile:
        """changed: names of the fields. With any change its login task has to sign in again."""
        ...

    def delete(self, profile_id: str, expected_version: int | None, by: Actor) -> None:
        """Raises InUse, naming the pages that use it, or the active run that does."""
        ...

    def keys(self) -> dict[str, int]:
        """How many profiles need each key."""
        ...

    def begin_login(self, profile_id: str, digest: str, cause: str, holder: str, lease_seconds: float) -> LoginTurn:
        """Find the storage state that the login task left, or the turn to make it, which one worker has at a time.

        digest: what the state is made of; one made of anything else does not count. cause: a failure is remembered
        for it alone. holder: who asks; a turn that it does not end within its lease is somebody else's.
        """
        ...

    def end_login(self, profile_id: str, holder: str, digest: str, cause: str, ended: Sealed | LoginFailure) -> bool:
        """Keep the state, or why there is none. False when the turn was no longer the holder's: nothing is changed."""
        ...

    def leave_login(self, profile_id: str, holder: str) -> None:
        """Give the turn back, as if it had never been taken."""
        ...
