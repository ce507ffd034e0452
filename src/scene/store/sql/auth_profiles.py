"""Auth profiles: their secrets are opaque here."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from scene.domain.auth import AuthProfile
from scene.domain.records import Actor
from scene.errors import InUse, Invalid
from scene.store.auth import Sealed, SealedProfile
from scene.store.sql import projects
from scene.store.sql.crud import Crud
from scene.store.sql.database import Database, Transaction
from scene.store.sql.logins import SqlLogins, no_login
from scene.store.sql.schema import auth_profiles, executions, pages, runs, snapshots, tasks
from scene.store.sql.usage import named
from scene.store.values import Slice, SliceRequest

_FIELDS = list(AuthProfile.model_fields)


def _entities(_: Transaction, rows: Sequence[RowMapping]) -> list[AuthProfile]:
    return [AuthProfile.model_validate({name: row[name] for name in _FIELDS}) for row in rows]


crud = Crud("auth profile", auth_profiles, AuthProfile, entities=_entities)


class SqlAuthProfiles(SqlLogins):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    def create(self, project_id: str, profile: SealedProfile, by: Actor) -> AuthProfile:
        with self._database.write() as transaction:
            projects.hold(transaction, project_id)
            _check_login_task(transaction, project_id, profile)
            values = _values(transaction, profile) | {"project_id": project_id}
            return crud.get(transaction, crud.create(transaction, values, by))

    def get(self, profile_id: str) -> AuthProfile:
        with self._database.read() as transaction:
            return crud.get(transaction, profile_id)

    def sealed(self, profile_id: str) -> Sealed:
        query = sa.select(auth_profiles.c.sealed, auth_profiles.c.key_id)
        with self._database.read() as transaction:
            crud.get(transaction, profile_id)
            row = transaction.connection.execute(query.where(auth_profiles.c.id == profile_id)).one()
            return Sealed(row.sealed, row.key_id)

    def newest(self, project_id: str | None, request: SliceRequest) -> Slice[AuthProfile]:
        with self._database.read() as transaction:
            return crud.newest(transaction, project_id, request)

    def replace(
        self, profile_id: str, profile: SealedProfile, changed: list[str], expected_version: int | None, by: Actor
    ) -> AuthProfile:
        with self._database.write() as transaction:
            current = crud.lock(transaction, profile_id, expected_version)
            _check_login_task(transaction, current.project_id, profile)
            crud.replace(transaction, current, _values(transaction, profile) | no_login(), changed, by)
            return crud.get(transaction, profile_id)

    def delete(self, profile_id: str, expected_version: int | None, by: Actor) -> None:
        with self._database.write() as transaction:
            profile = crud.lock(transaction, profile_id, expected_version)
            query = sa.select(pages.c.name).where(pages.c.auth_profile_id == profile_id).order_by(pages.c.id)
            users = transaction.values(query)
            if users:
                raise InUse(f"The pages {named(users)} use the auth profile {profile.name!r}; change them first.")
            # A page may have been changed since a run of it began.
            needed = sa.exists().where(
                executions.c.run_id == runs.c.id,
                executions.c.snapshot_digest == snapshots.c.digest,
                snapshots.c.document[("auth_profile", "id")].as_string() == profile_id,
            )
            projects.refuse_while_active(transaction, needed, "auth profile")
            crud.delete(transaction, profile_id, by, {"name": profile.name})

    def keys(self) -> dict[str, int]:
        both = sa.union_all(
            sa.select(auth_profiles.c.id, auth_profiles.c.key_id),
            sa.select(auth_profiles.c.id, auth_profiles.c.login_key_id).where(
                auth_profiles.c.login_key_id.is_not(None)
            ),
        ).subquery()
        query = sa.select(both.c.key_id, sa.func.count(both.c.id.distinct()).label("count")).group_by(both.c.key_id)
        with self._database.read() as transaction:
            return {row["key_id"]: row["count"] for row in transaction.all(query.order_by(both.c.key_id))}


def check_profile(transaction: Transaction, project_id: str, profile_id: str | None) -> None:
    """What a page may refer to, held while it begins to. Raises Invalid."""
    if profile_id is None:
        return
    query = sa.select(auth_profiles.c.id).where(
        auth_profiles.c.id == profile_id, auth_profiles.c.project_id == project_id
    )
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("auth_profile_id", "is not an auth profile of this project")


def refuse_while_login_task(transaction: Transaction, task_id: str, task_name: str) -> None:
    """Raises InUse, naming the auth profiles for which a task signs in."""
    query = sa.select(auth_profiles.c.name).where(auth_profiles.c.login_task_id == task_id)
    users = transaction.values(query.order_by(auth_profiles.c.id))
    if users:
        raise InUse(f"The task {task_name!r} signs in for the auth profiles {named(users)}; change them first.")


def _check_login_task(transaction: Transaction, project_id: str, profile: SealedProfile) -> None:
    if profile.login_task_id is None:
        return
    query = sa.select(tasks.c.id).where(tasks.c.id == profile.login_task_id, tasks.c.project_id == project_id)
    if transaction.first(query.with_for_update(read=True, key_share=True)) is None:
        raise Invalid.field("login_task_id", "is not a task of this project")


def _values(transaction: Transaction, profile: SealedProfile) -> dict[str, Any]:
    by_hand = profile.login_task_id is None
    return {
        "name": profile.name,
        "parts": profile.parts.model_dump(mode="json"),
        "sealed": profile.sealed.text,
        "key_id": profile.sealed.key_id,
        "login_task_id": profile.login_task_id,
        "max_age_seconds": profile.max_age_seconds,
        "checked_at": transaction.now if by_hand else None,
        "expires_at": profile.expires_at,
    }
