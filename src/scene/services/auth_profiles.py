"""Auth profiles: written by people, read by nobody but the worker that opens a page."""

from collections.abc import Mapping

from scene.domain.auth import AuthProfile, AuthProfileDraft, AuthSecrets, StorageState, parts_of
from scene.domain.records import Actor
from scene.errors import SecretUnreadable
from scene.services.editing import merge
from scene.store.auth import Sealed, SealedProfile
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest
from scene.vault import Vault

_SECRET = tuple(AuthSecrets.model_fields)


class AuthProfiles:
    def __init__(self, store: Store, vault: Vault) -> None:
        self._profiles = store.auth_profiles
        self._vault = vault

    def create(self, project_id: str, draft: AuthProfileDraft, by: Actor) -> AuthProfile:
        return self._profiles.create(project_id, self._sealed(draft), by)

    def get(self, profile_id: str) -> AuthProfile:
        return self._profiles.get(profile_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[AuthProfile]:
        return self._profiles.newest(project_id, request)

    def update(
        self, profile_id: str, changes: Mapping[str, object], expected_version: int | None, by: Actor
    ) -> AuthProfile:
        """Replace some fields, each as a whole; what is not named stays.

        Raises Invalid, VersionConflict, and SecretUnreadable when what stays cannot be decrypted here.
        """
        current = self._profiles.get(profile_id)
        before = self._draft(current, changes)
        after = merge(AuthProfileDraft, before, changes)
        changed = [name for name in AuthProfileDraft.model_fields if getattr(after, name) != getattr(before, name)]
        version = expected_version or current.version
        return self._profiles.replace(profile_id, self._sealed(after), changed, version, by)

    def delete(self, profile_id: str, expected_version: int | None, by: Actor) -> None:
        self._profiles.delete(profile_id, expected_version, by)

    def secrets(self, profile: AuthProfile) -> AuthSecrets:
        """Raises SecretUnreadable, naming the profile."""
        return AuthSecrets.model_validate_json(self._open(profile, self._profiles.sealed(profile.id)))

    def seal_state(self, state: StorageState) -> Sealed:
        return Sealed(*self._vault.seal(state.model_dump_json().encode()))

    def open_state(self, profile: AuthProfile, sealed: Sealed) -> StorageState:
        """Raises SecretUnreadable, naming the profile."""
        return StorageState.model_validate_json(self._open(profile, sealed))

    def unreadable(self) -> tuple[int, str]:
        """How many profiles this server cannot decrypt, and a sentence about all of them."""
        return self._vault.unreadable(self._profiles.keys(), "auth profiles")

    def _draft(self, current: AuthProfile, changes: Mapping[str, object]) -> AuthProfileDraft:
        """As it was written. Where that cannot be read, a change of every part that is set still replaces it."""
        try:
            secrets = self.secrets(current)
        except SecretUnreadable as error:
            kept = [name for name in _SECRET if name not in changes and getattr(current.parts, name)]
            if kept:
                raise SecretUnreadable(f"{error.message} That means here: {', '.join(kept)}.") from error
            secrets = AuthSecrets()
        by_hand = current.login_task_id is None
        return AuthProfileDraft(
            **{name: getattr(secrets, name) for name in _SECRET},
            name=current.name,
            login_task_id=current.login_task_id,
            max_age_seconds=current.max_age_seconds,
            expires_at=current.expires_at if by_hand else None,
        )

    def _sealed(self, draft: AuthProfileDraft) -> SealedProfile:
        secrets = AuthSecrets.model_validate(draft.model_dump(include=set(_SECRET)))
        return SealedProfile(
            name=draft.name,
            parts=parts_of(secrets),
            sealed=Sealed(*self._vault.seal(secrets.model_dump_json().encode())),
            login_task_id=draft.login_task_id,
            max_age_seconds=draft.max_age_seconds,
            expires_at=draft.expires_at,
        )

    def _open(self, profile: AuthProfile, sealed: Sealed) -> bytes:
        try:
            return self._vault.open(*sealed)
        except SecretUnreadable as error:
            raise SecretUnreadable(
                f"The auth profile {profile.name!r} cannot be decrypted by this server. {error.message}"
            ) from error
