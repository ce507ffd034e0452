"""As whom a page is opened: what an auth profile adds to a job, and the login task that comes before it."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from scene.domain.auth import AuthProfile, AuthSecrets, StorageState, secret_strings
from scene.domain.matrix import snapshot
from scene.domain.runs import ConfigurationSnapshot
from scene.domain.status import Reason
from scene.domain.variables import with_secrets
from scene.launch.base import Ending, Launcher, Outcome
from scene.services import capturing
from scene.services.auth_profiles import AuthProfiles
from scene.services.evidence import of_login
from scene.store.auth import LoginFailure, LoginTurn
from scene.store.base import Store
from scene.store.values import Work
from scene_runner.protocol import Action, Auth, Basic, CaptureJob

_ASK_AGAIN_SECONDS: Final = 0.3
_LEASE_SECONDS: Final = 60
"""What a turn lasts beyond the deadline of its login task."""
_TYPING: Final = ("fill", "type")


@dataclass(frozen=True)
class NotSignedIn:
    """Why a page is not opened."""

    reason: Reason
    message: str
    login: Outcome | None = None
    """The login task's, where this attempt carried it out; its files are in ``folder``."""
    folder: Path | None = None


class SigningIn:
    def __init__(self, store: Store, profiles: AuthProfiles, launcher: Launcher, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._profiles = profiles
        self._launcher = launcher
        self._clock = clock

    def sign_in(self, work: Work, job: CaptureJob) -> CaptureJob | NotSignedIn:
        """The job with everything that the page's auth profile has, after its login task where that is due.

        Raises SecretUnreadable, and NotFound when the profile has lost a secret that an action fills in.
        """
        if work.snapshot.auth_profile is None:
            return job
        profile = self._profiles.get(work.snapshot.auth_profile.id)
        secrets = self._profiles.secrets(profile)
        if profile.login_task_id is None:
            if profile.expires_at is not None and profile.expires_at <= self._clock():
                return NotSignedIn(
                    Reason.NAVIGATION,
                    f"The auth profile {profile.name!r} expired at {profile.expires_at:%Y-%m-%d %H:%M} UTC: "
                    "write it anew, or give it a login task.",
                )
            return _as_somebody(job, profile, secrets, secrets.storage_state)
        state = self._signed_in(work, profile, secrets, Path(job.output_dir))
        return state if isinstance(state, NotSignedIn) else _as_somebody(job, profile, secrets, state)

    def _signed_in(
        self, work: Work, profile: AuthProfile, secrets: AuthSecrets, folder: Path
    ) -> StorageState | NotSignedIn:
        """Of all attempts that need it one signs in; the others wait for what it leaves, or fail as it did."""
        login = self._login_snapshot(work, profile)
        digest, holder = login.digest(), f"{work.execution.id}:{work.execution.attempt}"
        cause = f"{work.run.id}:{work.execution.attempt}"
        lease = login.capture.execution_timeout_ms / 1000 + _LEASE_SECONDS
        while (turn := self._store.auth_profiles.begin_login(profile.id, digest, cause, holder, lease)) == LoginTurn():
            time.sleep(_ASK_AGAIN_SECONDS)
        if turn.state is not None:
            return self._profiles.open_state(profile, turn.state)
        if turn.failure is not None:
            return NotSignedIn(turn.failure.reason, turn.failure.message)
        ended: StorageState | NotSignedIn | None = None
        try:
            ended = self._carry_out(work, login, profile, secrets, folder)
        finally:
            if ended is None:
                self._store.auth_profiles.leave_login(profile.id, holder)
        if isinstance(ended, StorageState):
            self._store.auth_profiles.end_login(profile.id, holder, digest, cause, self._profiles.seal_state(ended))
        elif ended.login is None or ended.login.ending is not Ending.KILLED:
            failure = LoginFailure(reason=ended.reason, message=ended.message)
            self._store.auth_profiles.end_login(profile.id, holder, digest, cause, failure)
        else:
            self._store.auth_profiles.leave_login(profile.id, holder)
        return ended

    def _login_snapshot(self, work: Work, profile: AuthProfile) -> ConfigurationSnapshot:
        """The login task as it is now, where the run is pointed at."""
        task = self._store.tasks.get(profile.login_task_id or "")
        return snapshot(
            self._store.projects.get(profile.project_id),
            self._store.pages.get(task.page_id),
            task,
            base_url=work.run.base_url,
            variables=work.run.variables,
            defaults=self._store.settings.get().capture_defaults,
            auth_profile=profile,
        )

    def _carry_out(
        self, work: Work, login: ConfigurationSnapshot, profile: AuthProfile, secrets: AuthSecrets, parent: Path
    ) -> StorageState | NotSignedIn:
        folder = parent / "login"
        folder.mkdir(mode=0o700)
        task = self._store.tasks.get(login.task_id)
        execution = work.execution.model_copy(update={"viewport": task.viewports[0]})
        plain = capturing.capture_job(replace(work, execution=execution, snapshot=login, baseline_items=[]), folder)
        job = _as_somebody(
            replace(of_login(plain), targets=[], reference_url=None, save_storage_state=True), profile, secrets, None
        )
        outcome = capturing.covered(self._launcher.run(work.execution.browser, job, lambda _: None), job)
        state = _state_of(outcome, folder)
        if state is not None:
            return state
        reason, said = capturing.failure(outcome) or (Reason.INTERNAL, "It left no storage state.")
        message = f"The login task {login.task_name!r} of the auth profile {profile.name!r} failed. {said}"
        return NotSignedIn(reason, message, outcome, folder)


def _state_of(outcome: Outcome, folder: Path) -> StorageState | None:
    """What the browser had stored; its file is gone after this."""
    name = outcome.result.storage_state_file if outcome.result else None
    if name is None:
        return None
    file = folder / name
    try:
        return StorageState.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None
    finally:
        file.unlink(missing_ok=True)


def _as_somebody(job: CaptureJob, profile: AuthProfile, secrets: AuthSecrets, state: StorageState | None) -> CaptureJob:
    basic = secrets.basic
    own = {name.lower() for name in job.headers}
    added = {name: value for name, value in secrets.headers.items() if name.lower() not in own}
    return replace(
        job,
        auth=Auth(
            basic=Basic(basic.username, basic.password) if basic else None,
            cookies=[cookie.model_dump(exclude_none=True) for cookie in secrets.cookies],
            storage_state=state.model_dump(exclude_none=True) if state else None,
        ),
        headers=job.headers | added,
        preparatory_actions=_filled(job.preparatory_actions, profile, secrets),
        task_actions=_filled(job.task_actions, profile, secrets),
        secrets=[*job.secrets, *secret_strings(secrets, state)],
    )


def _filled(actions: Sequence[Action], profile: AuthProfile, secrets: AuthSecrets) -> list[Action]:
    where = f"the auth profile {profile.name!r}"

    def fill(action: Action) -> Action:
        if action.type not in _TYPING:
            return action
        value = with_secrets(action.arguments["value"], secrets.secrets, where)
        return replace(action, arguments=action.arguments | {"value": value})

    return [fill(action) for action in actions]
